/** FX rates as they lie in git: rates of one table were observed together, so its time is said once. */
import type { FxRates } from "../schema/fx-rates.ts";
import type { Row } from "./pack-times.ts";

type Rate = FxRates["rates"][string];
type PackedRate = Omit<Rate, "observedAt"> & Partial<Rate>;
interface Packed extends Row {
  rates: Record<string, PackedRate>;
  observedAt: Record<string, Rate["observedAt"]>;
}

export function packFx(data: FxRates): Packed {
  const observedAt: Packed["observedAt"] = {};
  const rates = Object.entries(data.rates).map(([currency, rate]): [string, PackedRate] => {
    observedAt[rate.source] ??= rate.observedAt;
    const { observedAt: own, ...rest } = rate;
    return [currency, own === observedAt[rate.source] ? rest : rate];
  });
  return { ...data, rates: Object.fromEntries(rates), observedAt };
}

export function unpackFx({ observedAt, ...packed }: Packed): Row {
  const rates = Object.entries(packed.rates).map(([currency, rate]) => [
    currency,
    { observedAt: observedAt[rate.source], ...rate },
  ]);
  return { ...packed, rates: Object.fromEntries(rates) };
}

-- Hours of flow out of stored events, all of them at once: counts and USD of what is economic flow, by coin, chain and hour. An hour
-- whose events all do not count stays as zeros. Sums are exact decimals of cents' hundredths, so that threads do not change them. Rows
-- come in no order: whoever stores them orders them by their key, and sorting here would cost a quarter of the time.
SELECT coinId, chainId, CAST(timestamp // 3600 * 3600 AS BIGINT) AS hourTs,
  CAST(count(*) FILTER (counts AND direction = 'mint') AS INTEGER) AS mintCount,
  CAST(count(*) FILTER (counts AND direction = 'burn') AS INTEGER) AS burnCount,
  CAST(coalesce(sum(usd) FILTER (counts AND direction = 'mint'), 0) AS DOUBLE) AS mintVolumeUsd,
  CAST(coalesce(sum(usd) FILTER (counts AND direction = 'burn'), 0) AS DOUBLE) AS burnVolumeUsd
FROM (
  SELECT coinId, chainId, timestamp, direction,
    flowType = 'standard' AND (direction = 'mint' OR burnType = 'effective_burn') AS counts,
    CAST(CAST(amountUnits AS DOUBLE) / pow(10, decimals) * coalesce(priceUsed, 0) AS DECIMAL(24, 4)) AS usd
  FROM mint_burn_events
)
GROUP BY coinId, chainId, timestamp // 3600

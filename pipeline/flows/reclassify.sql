-- Groups (transaction, coin, chain) whose flow type is wrong, oldest first. Forward: standard mints and burns that match within half a
-- per cent. Reverse: roundtrips that do not, one-sided ones included. The tolerance mirrors roundtrips.ts.
WITH sums AS (
  SELECT coinId, chainId, txHash, flowType, min(timestamp) AS firstAt,
    sum(CASE WHEN direction = 'mint' THEN CAST(amountUnits AS DOUBLE) / pow(10, decimals) ELSE 0 END) AS minted,
    sum(CASE WHEN direction = 'burn' THEN CAST(amountUnits AS DOUBLE) / pow(10, decimals) ELSE 0 END) AS burned
  FROM mint_burn_events
  WHERE flowType = $flowType AND timestamp >= $since AND txHash <> '' AND ($coin = '' OR coinId = $coin)
  GROUP BY coinId, chainId, txHash, flowType
)
SELECT coinId, chainId, txHash
FROM sums
WHERE (minted > 0 AND burned > 0 AND abs(minted - burned) <= 0.005 * greatest(minted, burned)) = ($flowType = 'standard')
ORDER BY firstAt, coinId, txHash
LIMIT $limit

-- Roundtrips whose halves were stored by different runs: transactions of a coin on a chain whose standard mints and burns match
-- within half a per cent. Oldest first, so that a full sweep goes on where it stopped. The tolerance mirrors roundtrips.ts.
SELECT coinId, chainId, txHash, min(timestamp) AS firstAt
FROM mint_burn_events
WHERE flowType = 'standard' AND timestamp >= $since AND txHash <> ''
GROUP BY coinId, chainId, txHash
HAVING sum(CASE WHEN direction = 'mint' THEN CAST(amountUnits AS DOUBLE) / pow(10, decimals) ELSE 0 END) > 0
   AND sum(CASE WHEN direction = 'burn' THEN CAST(amountUnits AS DOUBLE) / pow(10, decimals) ELSE 0 END) > 0
   AND abs(sum(CASE WHEN direction = 'mint' THEN CAST(amountUnits AS DOUBLE) / pow(10, decimals)
                    ELSE -CAST(amountUnits AS DOUBLE) / pow(10, decimals) END))
       <= 0.005 * greatest(
         sum(CASE WHEN direction = 'mint' THEN CAST(amountUnits AS DOUBLE) / pow(10, decimals) ELSE 0 END),
         sum(CASE WHEN direction = 'burn' THEN CAST(amountUnits AS DOUBLE) / pow(10, decimals) ELSE 0 END))
ORDER BY firstAt, coinId, txHash
LIMIT $limit

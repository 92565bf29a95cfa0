/**
 * Functions of the method that are known and not built yet, by the lane that will bring them.
 *
 * Their cases fail like any other; the table only lets the summary tell a gap from a misspelt name. A name that gets
 * registered needs no change here. Names: flows.md section 15, redemption.md section 18, depegs-and-indices.md section 14,
 * safety-scores.md section 6.
 */
const LATER: Readonly<Record<string, string>> = {
  flows: `decode_address read_data_word decode_uint256_at_slot adapter_kind start_block_provenance parse_logs detect_roundtrips
    classify_bridge validate_bridge_detection should_split fetch_logs topic_array sync_advance scan_window should_defer
    deferral_until config_coverage rotate_configs extended_pressure_skip config_budget run_status sweep_saturated
    null_price_backlog_class hourly_buckets is_counted filter_min_amount validate_param pressure_shift baseline gauge_band
    gauge_score tracked_mcap flight_to_quality ftq_cohort net_flow_direction coin_composite_state pressure_shift_state
    literal_minting_pressure coverage_status sync_freshness critical_lane_healthy scope_label largest_event aggregate_windows
    filter_tracked_pairs sync_state_upsert backfill_progress backfill_auto_select reclassify_group reclassify_done
    flows:receipt`,
  redemption: `componentScore queueEnabled capacityScore capacityConstraintEffects boundedFeeScore costScenarioScores resolveCost
    feeConfidence feeModelKind storedFeeConfidence storedFeeModelKind feeKindFromDescription redemptionScore
    eventualRedeemabilityScore resolveCapacity capacityConfidence capacitySemantics readbackCapacityConfidence
    readbackCapacitySemantics modeledExitSizeUsd effectiveExitScore defaultRouteExitCorrelation isStrongLiveDirectRoute
    isSevereDownsideDepeg severeDepegAvailability outputDependencyImpairment mergeRouteStatus defaultHolderEligibility
    capacityBasis modelConfidence reviewedDocAgeDays runStatus selectSnapshot resolveDocs buildEntry`,
  pegs: `depegThresholdBps depegSignal crossesThreshold directionalStatus moreSevereBps buildPendingReason parsePendingReason
    primaryTrust freshMultiSourceAgreement referenceMayDriveDepegs trustedDexRow sourceFamily offchainConfirmer routeNewDepeg
    pendingAge pendingDecision poolStatus mergeOpenEvents applyPeak orphanCleanup pendingPersistence mergedDepegSeconds
    coinTrackingStart pegScore derivePegRates pegReference depeg:replay`,
  stability: `psiFactor psiBand psiScore psiStressBreadth piecewiseLinear dewsBand dewsSignal dewsScore contagionAmplifier`,
  discovery: `discoveryFilter discoveryUpsert discoveryPurge discoveryRunStatus`,
  safety: `scoreToGrade overallScore dependencyRiskScore liquidityDimension variantOverallCap chainInfraScore resilienceScore
    decentralizationScore blacklistStatus ftqCohort`,
  chains: `chainConcentration chainBackingDiversity chainPegStability chainQuality chainEnvironmentFallback chainHealthBand
    chainHealthScore`,
  liquidity: `dexTvlDepth dexVolumeActivity dexPoolQuality dexDurability dexLiquidityScore`,
};

const LANE_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(LATER).flatMap(([lane, names]) => names.split(/\s+/).map((name): [string, string] => [name, lane])),
);

/** The lane a function waits for, or null for a name the method does not know. */
export function laterLane(functionName: string): string | null {
  return LANE_OF.get(functionName) ?? null;
}

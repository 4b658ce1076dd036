import type { LimitState } from "../../../admin/api.ts";
import { formatMs } from "../logic/format.ts";
import { meterOf } from "../logic/limits.ts";
import { LIMIT_WORDS } from "../logic/words.ts";

export interface LimitsProps {
	readonly limits: readonly LimitState[];
	/** Owner of the limits, for screen readers. */
	readonly owner: string;
	readonly now: number;
}

/** Limits with meters of their used part. */
export function Limits({ limits, owner, now }: LimitsProps) {
	if (limits.length === 0) return <span class="muted">no limits</span>;
	return (
		<ul class="limits">
			{limits.map((limit) => (
				<li key={`${limit.kind} ${limit.key}`}>
					<Limit limit={limit} owner={owner} now={now} />
				</li>
			))}
		</ul>
	);
}

function Limit({ limit, owner, now }: { readonly limit: LimitState; readonly owner: string; readonly now: number }) {
	const { used, text, state } = meterOf(limit);
	const name = `${LIMIT_WORDS[limit.kind]}${limit.key === undefined ? "" : `, key ${limit.key}`}`;
	const resets = limit.resets_at_ms === undefined ? "" : `, resets in ${formatMs(Math.max(0, limit.resets_at_ms - now))}`;
	return (
		<>
			<span class="limit-name">{name}</span>
			<span class="limit-text">
				{state === "full" && <span class="bad">used up · </span>}
				{state === "near" && <span class="notice">nearly used up · </span>}
				{text}
				{resets}
			</span>
			{used !== undefined && (
				<svg
					class={`meter meter-${state}`}
					viewBox="0 0 100 4"
					preserveAspectRatio="none"
					role="img"
					aria-label={`${owner}, ${name}: ${text}`}
				>
					<rect class="meter-ground" width="100" height="4" />
					<rect class="meter-used" width={used * 100} height="4" />
				</svg>
			)}
		</>
	);
}

import type { ComponentChildren } from "preact";
import type { BackendHealth, DecisionStatus, DecisionSummary } from "../../../admin/api.ts";
import { HEALTH_WORDS } from "../logic/words.ts";

const HEALTH_SIGNS: Readonly<Record<BackendHealth, { readonly sign: string; readonly tone: string }>> = {
	healthy: { sign: "●", tone: "good" },
	degraded: { sign: "◐", tone: "notice" },
	unavailable: { sign: "✕", tone: "bad" },
	draining: { sign: "◌", tone: "quiet" },
	disabled: { sign: "○", tone: "quiet" },
};

/** Health of a backend: a sign, a word and a colour. */
export function Health({ health }: { readonly health: BackendHealth }) {
	const { sign, tone } = HEALTH_SIGNS[health];
	return (
		<span class={`mark ${tone}`}>
			<span aria-hidden="true">{sign}</span> {HEALTH_WORDS[health]}
		</span>
	);
}

const STATUS_SIGNS: Readonly<Record<DecisionStatus, { readonly sign: string; readonly tone: string }>> = {
	ok: { sign: "✓", tone: "good" },
	failed: { sign: "✕", tone: "bad" },
	cancelled: { sign: "–", tone: "quiet" },
};

/** The end of a request: a sign, a word and a colour. */
export function Status({ status }: { readonly status: DecisionStatus }) {
	const { sign, tone } = STATUS_SIGNS[status];
	return (
		<span class={`mark ${tone}`}>
			<span aria-hidden="true">{sign}</span> {status}
		</span>
	);
}

/** A short word in a frame. */
export function Badge({ tone = "quiet", children }: { readonly tone?: string; readonly children: ComponentChildren }) {
	return <span class={`badge ${tone}`}>{children}</span>;
}

/** Marks of a decision that is out of the ordinary. */
export function DecisionBadges({ hedged, retried, downgraded }: Pick<DecisionSummary, "hedged" | "retried" | "downgraded">) {
	return (
		<>
			{hedged && <Badge tone="notice">hedged</Badge>}
			{retried && <Badge tone="notice">retried</Badge>}
			{downgraded && <Badge tone="notice">downgraded</Badge>}
		</>
	);
}

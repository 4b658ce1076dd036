import type { Backend, BackendOperation, KeyState } from "../../../admin/api.ts";
import type { SeriesSummary } from "../logic/columns.ts";
import { formatCount, formatMs, formatPercent } from "../logic/format.ts";
import { healthSentence, inWords } from "../logic/words.ts";
import { Limits } from "./limits.tsx";
import { Badge, Health } from "./marks.tsx";
import { SparkLine } from "./spark-line.tsx";

export interface BackendCardProps {
	readonly backend: Backend;
	/** Absent for a backend without attempts. */
	readonly traffic: SeriesSummary | undefined;
	readonly now: number;
}

/** A backend: health, traffic, operations, limits and keys. */
export function BackendCard({ backend, traffic, now }: BackendCardProps) {
	const { name, kind, health, in_flight, weight, configured_weight, priority, region, limits, operations, keys, missing_keys } = backend;
	const title = `backend-${name}`;
	return (
		<article class={`card card-${health}`} aria-labelledby={title} data-backend={name} data-health={health}>
			<header>
				<h3 id={title} title={healthSentence(backend)}>
					{name}
				</h3>
				<Health health={health} />
			</header>
			<p class="muted facts">
				{kind}
				{region !== undefined && ` · ${region}`} · priority {priority} · weight {weight}
				{weight !== configured_weight && ` (configured ${configured_weight})`}
				{backend.embedded && " · embedded"}
			</p>
			<SparkLine
				requests={traffic?.requestColumns ?? []}
				errors={traffic?.errorColumns ?? []}
				label={`Attempts at ${name}`}
				span="the last two minutes"
			/>
			<dl class="numbers">
				<div>
					<dt>In flight</dt>
					<dd>{formatCount(in_flight)}</dd>
				</div>
				<div>
					<dt>Attempts</dt>
					<dd>{formatCount(traffic?.requests ?? 0)}</dd>
				</div>
				<div>
					<dt>Failed</dt>
					<dd class={traffic !== undefined && traffic.errors > 0 ? "bad" : ""}>
						{formatPercent(traffic === undefined || traffic.requests === 0 ? undefined : traffic.errors / traffic.requests)}
					</dd>
				</div>
			</dl>
			{operations.map((operation) => (
				<Operation key={operation.operation} operation={operation} owner={name} now={now} />
			))}
			{limits.length > 0 && <Limits limits={limits} owner={name} now={now} />}
			<Keys keys={keys} missing={missing_keys} now={now} />
		</article>
	);
}

function Operation({ operation, owner, now }: { readonly operation: BackendOperation; readonly owner: string; readonly now: number }) {
	const { breaker, breaker_open_until_at_ms, ejected_until_at_ms, slow_start_factor, consecutive_failures, first_output } = operation;
	return (
		<div class="operation">
			<p>
				<span class="operation-name">{inWords(operation.operation)}</span>
				{breaker === "closed" ? (
					<Badge>breaker closed</Badge>
				) : (
					<Badge tone={breaker === "open" ? "bad" : "notice"}>
						breaker {inWords(breaker)}
						{breaker === "open" &&
							breaker_open_until_at_ms !== undefined &&
							`, trial in ${formatMs(Math.max(0, breaker_open_until_at_ms - now))}`}
					</Badge>
				)}
				{ejected_until_at_ms !== undefined && <Badge tone="bad">ejected for {formatMs(Math.max(0, ejected_until_at_ms - now))}</Badge>}
				{slow_start_factor < 1 && <Badge tone="notice">slow start {formatPercent(slow_start_factor)}</Badge>}
				{!operation.available && breaker === "closed" && ejected_until_at_ms === undefined && <Badge tone="bad">unavailable</Badge>}
				{consecutive_failures > 0 && <Badge tone="notice">{consecutive_failures} failed in a row</Badge>}
			</p>
			<p class="muted facts">
				{first_output === undefined ? (
					"no latency measured"
				) : (
					<>
						first output {formatMs(first_output.p50_ms)} median, {formatMs(first_output.p99_ms)} at 99 %
					</>
				)}
				{operation.models.length > 0 && ` · ${operation.models.slice(0, 3).join(", ")}${operation.models.length > 3 ? " …" : ""}`}
			</p>
			{operation.limits.length > 0 && <Limits limits={operation.limits} owner={`${owner}, ${inWords(operation.operation)}`} now={now} />}
		</div>
	);
}

function Keys({ keys, missing, now }: { readonly keys: readonly KeyState[]; readonly missing: readonly string[]; readonly now: number }) {
	const unusable = keys.filter(({ state }) => state !== "usable");
	if (unusable.length === 0 && missing.length === 0) return null;
	return (
		<p class="facts">
			{missing.length > 0 && <Badge tone="bad">not set: {missing.join(", ")}</Badge>}
			{unusable
				.filter(({ state }) => state !== "missing")
				.map(({ number, state, until_at_ms }) => (
					<Badge key={number} tone={state === "rejected" ? "bad" : "notice"}>
						key {number} {inWords(state)}
						{until_at_ms !== undefined && ` for ${formatMs(Math.max(0, until_at_ms - now))}`}
					</Badge>
				))}
		</p>
	);
}

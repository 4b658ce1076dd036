import { useEffect, useRef } from "preact/hooks";
import type { Decision } from "../../../admin/api.ts";
import { useResource } from "../connection/hooks.ts";
import { formatCost, formatCount, formatDate, formatMs, UNKNOWN } from "../logic/format.ts";
import { storyOf } from "../logic/story.ts";
import { guestName, inWords } from "../logic/words.ts";
import { CandidateTable, ComparisonTable } from "../parts/candidates.tsx";
import { DecisionBadges, Status } from "../parts/marks.tsx";
import { Scroll } from "../parts/scroll.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { TimelineView } from "../parts/timeline.tsx";

/** A decision: its story, its attempts, its candidates, its differences. */
export function DecisionView({ id, closeHash }: { readonly id: string; readonly closeHash: string }) {
	const decision = useResource<Decision>(`decisions/${encodeURIComponent(id)}`);
	const title = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		title.current?.focus({ preventScroll: true });
		const onKey = (event: KeyboardEvent): void => {
			if (event.key === "Escape" && !event.defaultPrevented) location.assign(closeHash);
		};
		document.addEventListener("keydown", onKey);
		return () => document.removeEventListener("keydown", onKey);
	}, [closeHash]);
	return (
		<section class="explorer-detail" aria-labelledby="decision-title">
			<p class="detail-bar">
				<a href={closeHash} class="button">
					<span aria-hidden="true">←</span> Close <kbd>Esc</kbd>
				</a>
			</p>
			<h2 id="decision-title" tabIndex={-1} ref={title}>
				Decision <code class="id">{id}</code>
			</h2>
			{decision.failure?.kind === "missing" ? (
				<Empty title="This decision is not kept.">
					<p class="muted">
						The server keeps failed requests and a sample of the others, up to a limit: <code>[router.decision_log]</code> has{" "}
						<code>sample_percent</code> and <code>capacity</code>. A request that is in flight has no decision yet.
					</p>
					<p>
						<button type="button" onClick={decision.reload}>
							Look again
						</button>
					</p>
				</Empty>
			) : (
				<Loaded resource={decision}>{(data) => <Explanation decision={data} />}</Loaded>
			)}
		</section>
	);
}

function Explanation({ decision }: { readonly decision: Decision }) {
	return (
		<>
			<p class="verdict">
				<Status status={decision.status} /> <DecisionBadges {...decision} />{" "}
				<strong>
					{inWords(decision.operation)}
					{decision.backend === undefined ? "" : ` at ${decision.backend}`}
				</strong>
			</p>
			{decision.error !== undefined && (
				<p class="fault-text">
					<code>{decision.error.code}</code> {decision.error.message}
				</p>
			)}
			<Facts decision={decision} />
			<section aria-labelledby="story-title">
				<h3 id="story-title">What happened</h3>
				<ol class="story">
					{storyOf(decision).map(({ atMs, text, tone }, at) => (
						<li key={at} class={`story-${tone}`}>
							<span class="story-time muted">{formatMs(atMs)}</span> <span>{text}</span>
						</li>
					))}
				</ol>
			</section>
			<section aria-labelledby="attempts-title">
				<h3 id="attempts-title">Attempts</h3>
				{decision.timeline.length === 0 && decision.events.length === 0 ? (
					<Empty title="No attempt was made." />
				) : (
					<TimelineView decision={decision} />
				)}
			</section>
			<Downgrades decision={decision} />
			<section aria-labelledby="candidates-title">
				<h3 id="candidates-title">Candidates</h3>
				<CandidateTable decision={decision} />
				<ComparisonTable decision={decision} />
			</section>
		</>
	);
}

function Facts({ decision }: { readonly decision: Decision }) {
	const { guest, model, started_at_ms, duration_ms, first_output_ms, usage, cost, trace_id, policy } = decision;
	const required = [...decision.required_features, ...decision.required_transports].map(inWords);
	const facts: readonly (readonly [string, string | undefined])[] = [
		["Guest", guestName(guest)],
		["Model", model ?? "none named"],
		["Policy", policy],
		["Required", required.length === 0 ? "nothing" : required.join(", ")],
		["Arrived", formatDate(started_at_ms)],
		["Duration", formatMs(duration_ms)],
		["First output", formatMs(first_output_ms)],
		[
			"Tokens in",
			tokens(usage?.input_tokens, [
				["cached", usage?.cached_input_tokens],
				["cache write", usage?.cache_write_tokens],
			]),
		],
		["Tokens out", tokens(usage?.output_tokens, [["reasoning", usage?.reasoning_tokens]])],
		["Cost", formatCost(cost)],
		["Trace", trace_id],
	];
	return (
		<dl class="detail-facts">
			{facts.map(([name, value]) =>
				value === undefined || value === UNKNOWN ? null : (
					<div key={name}>
						<dt>{name}</dt>
						<dd>{value}</dd>
					</div>
				),
			)}
		</dl>
	);
}

function tokens(count: number | undefined, parts: readonly (readonly [string, number | undefined])[]): string {
	const known = parts.filter(([, part]) => part !== undefined && part > 0).map(([name, part]) => `${formatCount(part)} ${name}`);
	return `${formatCount(count)}${known.length === 0 ? "" : ` (${known.join(", ")})`}`;
}

function Downgrades({ decision: { downgrades } }: { readonly decision: Decision }) {
	if (downgrades.length === 0) return null;
	return (
		<section aria-labelledby="downgrades-title">
			<h3 id="downgrades-title">Downgrades</h3>
			<Scroll label="Table of downgrades">
				<table>
					<caption class="hidden">Fields that were treated otherwise than asked</caption>
					<thead>
						<tr>
							<th scope="col">Field</th>
							<th scope="col">Effect</th>
							<th scope="col">Detail</th>
						</tr>
					</thead>
					<tbody>
						{downgrades.map(({ field, effect, detail }) => (
							<tr key={`${field} ${effect} ${detail}`}>
								<th scope="row">
									<code>{field}</code>
								</th>
								<td>{effect}</td>
								<td>{detail}</td>
							</tr>
						))}
					</tbody>
				</table>
			</Scroll>
		</section>
	);
}

import type { Decision } from "../../../admin/api.ts";
import { formatMs } from "../logic/format.ts";
import { layOut, type Tick, type TimelineEvent, type TimelineRow } from "../logic/timeline.ts";
import { ERROR_WORDS, EVENT_WORDS, ROLE_WORDS } from "../logic/words.ts";

const OUTCOME_WORDS: Readonly<Record<TimelineRow["outcome"], string>> = { won: "answered", lost: "cancelled", failed: "failed" };

/** Attempts of a request as bars on one scale of time, with the events between them. */
export function TimelineView({ decision }: { readonly decision: Decision }) {
	const { entries, ticks } = layOut(decision);
	return (
		<ol class="timeline">
			<li class="timeline-row timeline-scale" aria-hidden="true">
				<span />
				<svg class="timeline-axis" aria-hidden="true">
					{ticks.map(({ ms, at }) => (
						<text key={ms} x={`${at}%`} y="12" text-anchor={at > 90 ? "end" : at < 5 ? "start" : "middle"}>
							{formatMs(ms)}
						</text>
					))}
				</svg>
			</li>
			{entries.map(({ row, event }, position) =>
				row !== undefined ? <AttemptRow key={position} row={row} ticks={ticks} /> : <EventRow key={position} entry={event} ticks={ticks} />,
			)}
		</ol>
	);
}

function AttemptRow({ row, ticks }: { readonly row: TimelineRow; readonly ticks: readonly Tick[] }) {
	const { attempt, start, width, firstOutput, outcome } = row;
	return (
		<li class="timeline-row" data-role={attempt.role} data-outcome={outcome}>
			<span class="timeline-name">
				<strong>{attempt.backend}</strong> <span class="muted">{ROLE_WORDS[attempt.role]}</span>
				{attempt.key !== undefined && <span class="muted"> · key {attempt.key}</span>}
			</span>
			<svg class="timeline-track" aria-hidden="true">
				<Ticks ticks={ticks} />
				<rect class={`bar bar-${outcome}`} x={`${start}%`} width={`${width}%`} y="4" height="16" rx="3" />
				{firstOutput !== undefined && <line class="first-output" x1={`${firstOutput}%`} x2={`${firstOutput}%`} y1="1" y2="23" />}
			</svg>
			<span class="timeline-note">
				<span class={outcome === "won" ? "good" : outcome === "failed" ? "bad" : "muted"}>
					{outcome === "failed" && attempt.failure !== undefined ? ERROR_WORDS[attempt.failure] : OUTCOME_WORDS[outcome]}
				</span>{" "}
				from {formatMs(attempt.start_ms)} to {formatMs(attempt.start_ms + attempt.latency_ms)}
				{attempt.first_output_ms !== undefined && attempt.first_output_ms !== attempt.latency_ms && (
					<>, first output after {formatMs(attempt.first_output_ms)}</>
				)}
				{attempt.detail !== undefined && <span class="muted">: {attempt.detail}</span>}
			</span>
		</li>
	);
}

function EventRow({ entry: { event, at, until }, ticks }: { readonly entry: TimelineEvent; readonly ticks: readonly Tick[] }) {
	return (
		<li class="timeline-row">
			<span class="timeline-name muted">{event.backend ?? "request"}</span>
			<svg class="timeline-track" aria-hidden="true">
				<Ticks ticks={ticks} />
				{until !== undefined && <line class="wait" x1={`${at}%`} x2={`${until}%`} y1="50%" y2="50%" />}
				<circle class="event-dot" cx={`${Math.min(99, Math.max(1, at))}%`} cy="50%" r="4" />
			</svg>
			<span class="timeline-note">
				{formatMs(event.at_ms)}: {EVENT_WORDS[event.type]}
				{event.detail !== undefined && <span class="muted"> ({event.detail})</span>}
			</span>
		</li>
	);
}

function Ticks({ ticks }: { readonly ticks: readonly Tick[] }) {
	return ticks.map(({ ms, at }) => <line key={ms} class="tick" x1={`${at}%`} x2={`${at}%`} y1="0" y2="100%" />);
}

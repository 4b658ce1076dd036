import { useState } from "preact/hooks";
import type { DecisionSummary } from "../../../admin/api.ts";
import { formatClock, formatMs } from "../logic/format.ts";
import { placeHash } from "../logic/route.ts";
import { guestName, inWords } from "../logic/words.ts";
import { DecisionBadges, Status } from "./marks.tsx";

export interface DecisionTableProps {
	readonly decisions: readonly DecisionSummary[];
	readonly openId: string | undefined;
	readonly query: Readonly<Record<string, string>>;
}

/** Keys that move the focus among the rows, and the row that they move it to. */
const MOVES: Readonly<Record<string, (at: number, count: number) => number>> = {
	ArrowDown: (at, count) => Math.min(count - 1, at + 1),
	ArrowUp: (at) => Math.max(0, at - 1),
	PageDown: (at, count) => Math.min(count - 1, at + 10),
	PageUp: (at) => Math.max(0, at - 10),
	Home: () => 0,
	End: (_, count) => count - 1,
};

/** The list of decisions. One row is in the order of the Tab key, and arrows lead to the others. */
export function DecisionTable({ decisions, openId, query }: DecisionTableProps) {
	const [activeId, setActiveId] = useState<string>();
	const isShown = (id: string | undefined): boolean => decisions.some((decision) => decision.id === id);
	const reachable = isShown(activeId) ? activeId : isShown(openId) ? openId : decisions[0]?.id;
	const move = (event: KeyboardEvent): void => {
		const target = MOVES[event.key];
		const at = decisions.findIndex(({ id }) => id === reachable);
		if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
		event.preventDefault();
		const next = decisions[target(at, decisions.length)]?.id;
		setActiveId(next);
		document.getElementById(`row-${next}`)?.focus();
	};
	return (
		<div class="decisions">
			<p class="hidden" id="list-help">
				Arrow keys move, Enter opens, Escape closes.
			</p>
			<table aria-describedby="list-help">
				<caption class="hidden">Decisions, the newest first</caption>
				<thead>
					<tr>
						<th scope="col">Time</th>
						<th scope="col">Request</th>
						<th scope="col">Guest</th>
						<th scope="col">Backend</th>
						<th scope="col">Result</th>
						<th scope="col" class="number">
							Duration
						</th>
					</tr>
				</thead>
				<tbody onKeyDown={move}>
					{decisions.map((decision) => (
						<tr key={decision.sequence} class={decision.id === openId ? "open" : ""} data-status={decision.status}>
							<th scope="row" class="nowrap">
								<a
									id={`row-${decision.id}`}
									href={placeHash({ view: "decisions", id: decision.id, query })}
									tabIndex={decision.id === reachable ? 0 : -1}
									aria-current={decision.id === openId ? "true" : undefined}
									onFocus={() => setActiveId(decision.id)}
								>
									{formatClock(decision.ended_at_ms)}
								</a>
							</th>
							<td>
								{inWords(decision.operation)}
								{decision.model !== undefined && <span class="muted clip"> {decision.model}</span>}
							</td>
							<td class="clip">{guestName(decision.guest)}</td>
							<td class="clip">{decision.backend ?? <span class="muted">none</span>}</td>
							<td>
								<Status status={decision.status} /> <DecisionBadges {...decision} />
							</td>
							<td class="number nowrap">{formatMs(decision.duration_ms)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

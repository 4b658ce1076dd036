import { useRef } from "preact/hooks";
import type { ErrorList, RecentError } from "../../../admin/api.ts";
import { useEvents, useNow, useResource } from "../connection/hooks.ts";
import { formatAgo, formatClock, formatCount } from "../logic/format.ts";
import { ERROR_WORDS, guestName, inWords } from "../logic/words.ts";
import { DecisionLink } from "../parts/link.tsx";
import { Scroll } from "../parts/scroll.tsx";
import { Empty, Loaded } from "../parts/states.tsx";

const POLL_MS = 5_000;
/** Shortest time between two reloads because of failed requests, in milliseconds. */
const MIN_RELOAD_MS = 500;

export function ErrorsView() {
	const errors = useResource<ErrorList>("errors", POLL_MS);
	const isPlanned = useRef(false);
	useEvents((event) => {
		if (event.type !== "decision" || (event.decision.status !== "failed" && !event.decision.retried) || isPlanned.current) return;
		isPlanned.current = true;
		setTimeout(() => {
			isPlanned.current = false;
			errors.reload();
		}, MIN_RELOAD_MS);
	});
	const now = useNow();
	return (
		<>
			<h1>Errors</h1>
			<p class="muted">Failures of attempts and requests. Equal ones are counted together. The latest is first.</p>
			<Loaded resource={errors}>
				{({ errors: list }) =>
					list.length === 0 ? (
						<Empty title="Nothing has failed.">
							<p class="muted">A failure shows here as soon as it happens.</p>
						</Empty>
					) : (
						<Scroll label="Table of errors">
							<table>
								<caption class="hidden">Recent errors by kind and place</caption>
								<thead>
									<tr>
										<th scope="col">Last</th>
										<th scope="col" class="number">
											Count
										</th>
										<th scope="col">Error</th>
										<th scope="col">Where</th>
										<th scope="col">Counts against</th>
										<th scope="col">Cause</th>
										<th scope="col">Latest decision</th>
									</tr>
								</thead>
								<tbody>
									{list.map((error) => (
										<ErrorRow key={`${error.code} ${error.operation} ${error.backend} ${error.attribution}`} error={error} now={now} />
									))}
								</tbody>
							</table>
						</Scroll>
					)
				}
			</Loaded>
		</>
	);
}

function ErrorRow({ error, now }: { readonly error: RecentError; readonly now: number }) {
	const { code, operation, backend, attribution, message, causes, count, first_at_ms, last_at_ms, last_guest, last_decision_id } = error;
	return (
		<tr data-error={code}>
			<td class="nowrap">
				<time title={`first at ${formatClock(first_at_ms)}, last at ${formatClock(last_at_ms)}`}>{formatAgo(now - last_at_ms)}</time>
			</td>
			<td class="number">{formatCount(count)}</td>
			<th scope="row" class="wide">
				<span class="bad">
					<span aria-hidden="true">✕</span> {ERROR_WORDS[code]}
				</span>
				<span class="message">{message}</span>
			</th>
			<td>
				{backend ?? <span class="muted">no backend</span>}
				<br />
				<span class="muted">{inWords(operation)}</span>
			</td>
			<td>{attribution}</td>
			<td>{causes.length === 0 ? <span class="muted">–</span> : <code>{causes.join(" ← ")}</code>}</td>
			<td>
				<DecisionLink id={last_decision_id} />
				<br />
				<span class="muted">{guestName(last_guest)}</span>
			</td>
		</tr>
	);
}

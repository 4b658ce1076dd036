import type { Guest, GuestList } from "../../../admin/api.ts";
import { useNow, useResource } from "../connection/hooks.ts";
import { formatAgo, formatCost, formatCount, formatShort } from "../logic/format.ts";
import { placeHash } from "../logic/route.ts";
import { guestName } from "../logic/words.ts";
import { Limits } from "../parts/limits.tsx";
import { Scroll } from "../parts/scroll.tsx";
import { Empty, Loaded } from "../parts/states.tsx";

const POLL_MS = 3_000;

/** Guests with their limits and budgets. */
export function BudgetsView() {
	const guests = useResource<GuestList>("guests", POLL_MS);
	const now = useNow();
	return (
		<>
			<h1>Budgets</h1>
			<p class="muted">
				Limits and budgets of guests, and what they have used since the server started. Costs are in the currency of the prices.
			</p>
			<Loaded resource={guests}>
				{({ guests: list }) =>
					list.length === 0 ? (
						<Empty title="No guest has sent a request yet.">
							<p class="muted">
								Limits and budgets are set in <code>[guests.&lt;name&gt;]</code>.
							</p>
						</Empty>
					) : (
						<Scroll label="Table of guests">
							<table class="guests">
								<caption class="hidden">Guests, their use and their limits</caption>
								<thead>
									<tr>
										<th scope="col">Guest</th>
										<th scope="col" class="number">
											Requests
										</th>
										<th scope="col" class="number">
											Failed
										</th>
										<th scope="col" class="number">
											Tokens in / out
										</th>
										<th scope="col" class="number">
											Cost
										</th>
										<th scope="col">Limits</th>
									</tr>
								</thead>
								<tbody>
									{list.map((guest) => (
										<GuestRow key={guest.name} guest={guest} now={now} />
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

function GuestRow({ guest, now }: { readonly guest: Guest; readonly now: number }) {
	const { name, settings, in_flight, limits, totals, last_request_at_ms } = guest;
	return (
		<tr data-guest={name}>
			<th scope="row" class="name">
				{name === "" ? guestName(name) : <a href={placeHash({ view: "decisions", query: { guest: name } })}>{name}</a>}
				<br />
				<span class="muted small">
					{last_request_at_ms === undefined ? "no request yet" : `last request ${formatAgo(Math.max(0, now - last_request_at_ms))}`}
					{in_flight !== undefined && ` · ${formatCount(in_flight)} in flight`}
					{settings !== undefined && settings !== name && ` · settings of [guests."${settings}"]`}
				</span>
			</th>
			<td class="number">{formatCount(totals.requests)}</td>
			<td class={totals.errors > 0 ? "number bad" : "number"}>{formatCount(totals.errors)}</td>
			<td class="number">
				{formatShort(totals.input_tokens)} / {formatShort(totals.output_tokens)}
			</td>
			<td class="number">{formatCost(totals.cost)}</td>
			<td class="limit-cell">
				<Limits limits={limits} owner={guestName(name)} now={now} />
			</td>
		</tr>
	);
}

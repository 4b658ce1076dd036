import type { Decision } from "../../../admin/api.ts";
import { type Candidate, candidatesOf } from "../logic/candidates.ts";
import { formatCount, formatMs } from "../logic/format.ts";
import { REJECTION_WORDS } from "../logic/words.ts";
import { Badge } from "./marks.tsx";
import { Scroll } from "./scroll.tsx";

const PART_TONES: Readonly<Record<Candidate["part"], string>> = { chosen: "good", tried: "notice", eligible: "quiet", rejected: "bad" };
const SIGNS: Readonly<Record<Candidate["part"], string>> = { chosen: "✓", tried: "◆", eligible: "○", rejected: "✕" };

/** Every backend of a decision: chosen, tried, eligible, or rejected and why. */
export function CandidateTable({ decision }: { readonly decision: Decision }) {
	const candidates = candidatesOf(decision);
	const left = decision.candidates_checked - candidates.length;
	return (
		<Scroll label="Table of candidates">
			<table>
				<caption class="hidden">Backends that were considered</caption>
				<thead>
					<tr>
						<th scope="col">Backend</th>
						<th scope="col">Part</th>
						<th scope="col">Reason</th>
						<th scope="col" class="number">
							Score
						</th>
						<th scope="col" class="number">
							In flight
						</th>
						<th scope="col" class="number">
							Latency
						</th>
					</tr>
				</thead>
				<tbody>
					{candidates.map(({ backend, part, rejection, considered }) => (
						<tr key={backend} data-candidate={part}>
							<th scope="row" class="name">
								{backend}
							</th>
							<td>
								<Part part={part} isAnswered={decision.status === "ok"} />
							</td>
							<td class="wide">
								{rejection !== undefined && (
									<>
										{REJECTION_WORDS[rejection.reason]}
										{rejection.detail !== undefined && <span class="muted"> ({rejection.detail})</span>}
									</>
								)}
							</td>
							<td class="number">{considered?.score === undefined ? "" : scoreText(considered.score)}</td>
							<td class="number">{considered === undefined ? "" : formatCount(considered.in_flight)}</td>
							<td class="number">{considered === undefined ? "" : formatMs(considered.latency_ms)}</td>
						</tr>
					))}
				</tbody>
			</table>
			{left > 0 && (
				<p class="table-note muted">
					{decision.is_evaluated
						? `${formatCount(left)} further rejected backends are not listed.`
						: `${formatCount(left)} further backends were not evaluated, because there are so many.`}
				</p>
			)}
		</Scroll>
	);
}

function Part({ part, isAnswered }: { readonly part: Candidate["part"]; readonly isAnswered: boolean }) {
	const shown = part === "chosen" && !isAnswered ? "tried" : part;
	return (
		<Badge tone={PART_TONES[shown]}>
			<span aria-hidden="true">{SIGNS[shown]}</span> {shown === part ? part : "chosen last"}
		</Badge>
	);
}

/** Comparisons of the policy in their order. A decision with one attempt has them in the table of candidates already. */
export function ComparisonTable({ decision: { considered, policy } }: { readonly decision: Decision }) {
	if (new Set(considered.map(({ backend }) => backend)).size === considered.length) return null;
	return (
		<details>
			<summary>All comparisons of the policy, in order</summary>
			<Scroll label="Table of comparisons">
				<table>
					<caption>Comparisons by {policy}; the lower score wins</caption>
					<thead>
						<tr>
							<th scope="col" class="number">
								No.
							</th>
							<th scope="col">Backend</th>
							<th scope="col" class="number">
								Score
							</th>
							<th scope="col" class="number">
								In flight
							</th>
							<th scope="col" class="number">
								Latency
							</th>
						</tr>
					</thead>
					<tbody>
						{considered.map(({ backend, score, in_flight, latency_ms }, at) => (
							<tr key={at}>
								<td class="number">{at + 1}</td>
								<th scope="row">{backend}</th>
								<td class="number">{score === undefined ? "–" : scoreText(score)}</td>
								<td class="number">{in_flight}</td>
								<td class="number">{formatMs(latency_ms)}</td>
							</tr>
						))}
					</tbody>
				</table>
			</Scroll>
		</details>
	);
}

function scoreText(score: number): string {
	return Math.abs(score) >= 100 ? formatCount(Math.round(score)) : score.toFixed(2);
}

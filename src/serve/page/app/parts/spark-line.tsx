import { sum } from "../logic/columns.ts";
import { formatCount } from "../logic/format.ts";

export interface SparkLineProps {
	/** Requests by column. */
	readonly requests: readonly number[];
	/** Errors among them, by column. */
	readonly errors: readonly number[];
	/** Subject of the line, for its text alternative. */
	readonly label: string;
	/** Time that the line covers, in words. */
	readonly span: string;
	/** Larger, with a line of the maximum. The default is false. */
	readonly large?: boolean;
}

/** Height of the drawing in units of its own. A column is one unit wide. */
const HEIGHT = 20;

/** Bars of requests by time. The part of errors is drawn from below. The text alternative has the numbers. */
export function SparkLine({ requests, errors, label, span, large = false }: SparkLineProps) {
	const most = Math.max(1, ...requests);
	const scale = HEIGHT / most;
	const failed = sum(errors);
	const text = `${label}: ${formatCount(sum(requests))} requests in ${span}, ${formatCount(failed)} failed, at most ${formatCount(most)} in a column`;
	return (
		<svg
			class={large ? "spark spark-large" : "spark"}
			viewBox={`0 0 ${Math.max(1, requests.length)} ${HEIGHT}`}
			preserveAspectRatio="none"
			role="img"
			aria-label={text}
		>
			<line class="spark-base" x1="0" x2={Math.max(1, requests.length)} y1={HEIGHT} y2={HEIGHT} />
			{requests.map((count, at) => {
				if (count === 0) return null;
				const height = Math.max(0.6, count * scale);
				const bad = Math.min(errors[at] ?? 0, count) * scale;
				return (
					<g key={at}>
						<rect class="spark-bar" x={at + 0.1} width="0.8" y={HEIGHT - height} height={height} />
						{bad > 0 && <rect class="spark-bad" x={at + 0.1} width="0.8" y={HEIGHT - Math.max(1.5, bad)} height={Math.max(1.5, bad)} />}
					</g>
				);
			})}
		</svg>
	);
}

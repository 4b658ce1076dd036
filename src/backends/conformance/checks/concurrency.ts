import type { ConformanceCase } from "../case.ts";
import type { FixtureOperation } from "../fixture.ts";
import { withoutHang } from "../hang.ts";
import type { Exchange } from "../loopback/exchange.ts";
import type { Reply } from "../loopback/replies.ts";
import { type Outcome, outcomeOf } from "../outcome.ts";
import { ensure, same } from "../same.ts";
import { type Subject, servedTransports, type Trial, withTrial } from "../trial.ts";
import { recordedCase } from "./recorded-case.ts";

/** Calls of one case. More than a browser's limit of connections to one host, which some clients adopt. */
const CALLS = 8;

/** Cases of concurrent calls of one instance: none waits for another one, and none disturbs another one. */
export function concurrencyCases<O extends FixtureOperation>(subject: Subject<O>): ConformanceCase[] {
	return servedTransports(subject).flatMap((transport) => {
		const { setting, bytes } = recordedCase(subject, transport);
		const calls = transport === "stream" ? "streams" : "calls";
		const run = (check: (outcomes: readonly Promise<Outcome<O>>[], held: Held, abort: () => void) => Promise<void>) => () =>
			withTrial(subject, setting, async (trial) => {
				const held = new Held();
				trial.server.play(held.reply);
				const controller = new AbortController();
				const outcomes = Array.from({ length: CALLS }, (_, index) => start(trial, transport, index === 0 ? controller.signal : undefined));
				await withoutHang(held.count(CALLS), `the arrival of ${CALLS} concurrent requests`);
				await check(outcomes, held, () => controller.abort());
			});
		return [
			{
				name: `${CALLS} concurrent ${calls} all have the answer`,
				run: run(async (outcomes, held) => {
					for (const exchange of held.exchanges.toReversed()) exchange.answer(bytes);
					const [first, ...others] = await Promise.all(outcomes);
					if (first?.error !== undefined) throw first.error;
					for (const other of others) same(other, first, "outcomes");
				}),
			},
			{
				name: `an abort of one of ${CALLS} concurrent ${calls} ends no other`,
				run: run(async (outcomes, held, abort) => {
					abort();
					same((await outcomes[0])?.error?.code, "cancelled", "code of the aborted call");
					for (const exchange of held.exchanges) if (!exchange.closed) exchange.answer(bytes);
					const others = await Promise.all(outcomes.slice(1));
					ensure(
						others.every(({ error }) => error === undefined),
						"another call fails",
					);
				}),
			},
		];
	});
}

function start<O extends FixtureOperation>(
	{ backend, envelope, ownContext }: Trial<O>,
	transport: "unary" | "stream",
	signal: AbortSignal | undefined,
): Promise<Outcome<O>> {
	return outcomeOf(backend, transport, envelope, ownContext(signal));
}

/** Exchanges that wait for their answer. */
class Held {
	readonly exchanges: Exchange[] = [];
	#notify: () => void = () => {};

	readonly reply: Reply = (exchange) => {
		this.exchanges.push(exchange);
		this.#notify();
	};

	/** Resolves when this number of requests has arrived. */
	async count(number: number): Promise<void> {
		while (this.exchanges.length < number) {
			await new Promise<void>((resolve) => {
				this.#notify = resolve;
			});
		}
	}
}

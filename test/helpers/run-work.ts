import { ContentSeal } from "../../src/cluster/content-seal.ts";
import { followRun } from "../../src/cluster/follow/follow-run.ts";
import { parseCursor } from "../../src/cluster/follow/run-cursor.ts";
import { RunWatches } from "../../src/cluster/follow/run-watches.ts";
import type { FollowedStep } from "../../src/cluster/follow/step-reader.ts";
import { MemoryStore } from "../../src/cluster/memory/memory-store.ts";
import { RunContents } from "../../src/cluster/run-contents/run-contents.ts";
import type { RunInput } from "../../src/cluster/run-contents/run-input.ts";
import type { RunResult } from "../../src/cluster/run-contents/run-result.ts";
import type { RunSubmission, SharedRuns } from "../../src/cluster/runs.ts";
import { RunWorker } from "../../src/cluster/work/run-worker.ts";
import type { Execution, WorkOptions } from "../../src/cluster/work/work-agents.ts";
import { abortError } from "../../src/errors/spear-error.ts";
import type { RunOutput } from "../../src/hostcall/emitted.ts";
import type { Logger } from "../../src/telemetry/logger.ts";
import { FakeClock } from "./fake-clock.ts";

/** An attempt of a scripted agent. */
export interface ScriptedAttempt {
	readonly input: string;
	readonly options: WorkOptions;
	/** Emits a text, and resolves when the worker has taken the text. */
	emit(output: string | RunOutput): Promise<void>;
	answer(text: string): void;
	fail(thrown: unknown): void;
}

/** The queue in memory, an agent `news` whose attempts the test scripts, and workers on one clock. */
export class RunWork {
	readonly clock = new FakeClock();
	readonly contents = new RunContents(new ContentSeal("plain", undefined));
	readonly runs: SharedRuns = new MemoryStore({ now: () => 1_000_000 + this.clock.now() }).runs;
	readonly changes = new RunWatches(this.runs, this.clock);
	readonly lines: string[] = [];
	/** Attempts that have started, oldest first. */
	readonly attempts: ScriptedAttempt[] = [];
	/** Makes the agent unable to begin. */
	unavailable: Error | undefined;
	/** Keeps attempts from starting the guest. */
	holdsStart = false;
	#count = 0;

	/** @param runs What the worker sees of the queue. The default is the queue itself. */
	worker(name: string, { places = 4, runs = this.runs }: { readonly places?: number; readonly runs?: SharedRuns } = {}): RunWorker {
		const line =
			(level: string) =>
			(_: object, message: string): void =>
				void this.lines.push(`${level} ${message}`);
		const logger: Logger = { trace: line("trace"), debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
		const worker = new RunWorker({
			runs,
			contents: this.contents,
			worker: name,
			places,
			clock: this.clock,
			random: () => 0.5,
			logger,
			agents: {
				available: () => [{ name: "news", maxRunning: 100, free: 100 }],
				begin: async () => {
					if (this.unavailable !== undefined) throw this.unavailable;
					return { run: (input, options) => this.#execute(input, options), end() {} };
				},
			},
		});
		worker.start();
		return worker;
	}

	/** Submits a run of `news`. Returns its id. */
	async submit(input: string | RunInput, more: Partial<RunSubmission> = {}): Promise<string> {
		this.#count += 1;
		const id = `news.${String(this.#count).padStart(24, "0")}`;
		const sealed = this.contents.sealInput(id, typeof input === "string" ? { input } : input);
		const limits = { keepMs: 3_600_000, maxPending: 1_000, maxEventBytes: 1_048_576 };
		const run = { id, agent: "news", guest: "anna", weight: 1, input: sealed, priority: 5, delayMs: 0, maxAttempts: 3, ...limits, ...more };
		await this.runs.submit(run);
		return id;
	}

	/** Returns state, attempt, and how the last stored attempt ended. */
	async state(id: string): Promise<[state: string | undefined, attempt: number | undefined, ended?: RunResult["ended"]]> {
		const status = await this.runs.status(id);
		if (status?.outcome === undefined) return [status?.state, status?.attempt];
		return [status.state, status.attempt, this.contents.openResult(id, status.outcome).ended];
	}

	follow(id: string, after = "", signal = new AbortController().signal): AsyncGenerator<FollowedStep, void, void> {
		const from = parseCursor(after);
		if (from === undefined) throw new Error(`no cursor: ${after}`);
		return followRun({ runs: this.runs, contents: this.contents, changes: this.changes, clock: this.clock }, id, from, signal);
	}

	#execute(input: string, options: WorkOptions): Execution {
		const { promise, resolve, reject } = Promise.withResolvers<string>();
		promise.catch(() => {});
		const outputs: { readonly output: RunOutput; readonly taken: () => void }[] = [];
		let wake = (): void => {};
		let hasEnded = false;
		const end = (settle: () => void) => (): void => {
			hasEnded = true;
			settle();
			wake();
		};
		options.signal.addEventListener(
			"abort",
			end(() => reject(abortError(options.signal))),
			{ once: true },
		);
		const attempt: ScriptedAttempt = {
			input,
			options,
			emit: (output) =>
				new Promise((taken) => {
					outputs.push({ output: typeof output === "string" ? { type: "text", text: output } : output, taken });
					wake();
				}),
			answer: (text) => end(() => resolve(text))(),
			fail: (thrown) => end(() => reject(thrown))(),
		};
		this.attempts.push(attempt);
		if (!this.holdsStart) options.onStart();
		async function* read(): AsyncGenerator<RunOutput, void, void> {
			for (;;) {
				const next = outputs.shift();
				if (next !== undefined) {
					yield next.output;
					next.taken();
				} else if (hasEnded) {
					await promise;
					return;
				} else await new Promise<void>((resume) => (wake = resume));
			}
		}
		return Object.assign(promise, { [Symbol.asyncIterator]: read, cpuMs: 7 });
	}
}

/** Returns the answer of a following loop as short texts. */
export function shortSteps(steps: readonly FollowedStep[]): string[] {
	return steps.map(({ attempt, event }) => {
		if (event.type === "text") return `${attempt} ${event.text}`;
		if (event.type === "event") return `${attempt} ${event.name} ${JSON.stringify(event.data)}`;
		return event.type === "gap" ? "gap" : `${attempt} attempt ${event.reason}`;
	});
}

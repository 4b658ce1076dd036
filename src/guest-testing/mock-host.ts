import { RUN_ERROR_KEY } from "../../generated/abi/component/lowering/types.ts";
import type { Config } from "../../generated/ir/config.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { RunOutput } from "../hostcall/emitted.ts";
import type { MockedOperation } from "../testing/mocked-operation.ts";
import type { MockRequest, Plan } from "../testing/plan.ts";
import { planned } from "../testing/planned.ts";
import { type ArrivedRequest, RequestLog } from "../testing/planned-kind.ts";
import { type MockScript, ScriptReader } from "../testing/script.ts";
import { enterGuest, GuestCall } from "./guest-call.ts";
import { HostLink } from "./host-link.ts";
import { type Hostcall, type HostcallAnswer, type HostcallHandler, handleHostcalls } from "./interface-modules.ts";
import { lift } from "./lift.ts";
import { MockTrap } from "./mock-trap.ts";
import { type FromHost, fromPlainError, type GuestOutcome, type HostTime, type LogLine, type PlainPlan, toPlainError } from "./protocol.ts";
import { typeOfKey } from "./wit-type.ts";

const RUN_ERROR = typeOfKey(RUN_ERROR_KEY);

function noHandle(): never {
	throw new MockTrap("an error has no handles");
}

export interface MockHostOptions {
	/** Configuration of the host, such as limits and routes. The default is one scripted backend, `mock`, and the limits of any host. */
	readonly config?: Config;
	/** Values of the environment variables that the configuration names. The default is none. */
	readonly env?: Readonly<Record<string, string>>;
	/** Name of the guest in the configuration. The default is no name. */
	readonly guest?: string;
	/** Models of the scripted backend, the default first. The default is `mock`, and any other model that a request names. */
	readonly models?: readonly string[];
	/**
	 * `virtual`: time passes only while the guest waits, and without delay. `real`: by the clock of the machine, for backends of the configuration that
	 * work on their own. The default is `virtual`.
	 */
	readonly time?: HostTime;
}

/** A hostcall that the guest made. */
export interface RecordedCall {
	/** Interface and function, such as `cchat.complete` or `cchat.session.send`. */
	readonly name: string;
	/** Arguments as the host received them. Handles are numbers. */
	readonly args: readonly unknown[];
	/** Result in the shape of the ABI, or its error record. A handle is a number. */
	readonly answer: HostcallAnswer;
}

export interface MockRunOptions {
	/** Longest run, in milliseconds. The default is that of the configuration. */
	readonly timeoutMs?: number;
}

/** A host for guests that run as plain modules: hostcalls, limits and router are those of a real host, and a script answers in place of models. */
export class MockHost implements HostcallHandler, Disposable {
	readonly #script: ScriptReader;
	readonly #requests = new RequestLog();
	readonly #link: HostLink;
	readonly #calls: RecordedCall[] = [];
	readonly #log: LogLine[] = [];
	readonly #output: RunOutput[] = [];
	/** True while a run is open in the host: that of `run`, or one for calls outside of `run`. */
	#isOpen = false;
	#trap: MockTrap | undefined;
	#now = 0;
	readonly #former: HostcallHandler | undefined;

	/** Made by {@link mockHost}. */
	constructor(script: MockScript, { config = {}, env = {}, guest, models, time = "virtual" }: MockHostOptions) {
		this.#script = new ScriptReader(script);
		const { operations } = this.#script;
		this.#link = HostLink.open({ config, env, guest, operations, models }, time);
		this.#former = handleHostcalls(this);
	}

	/**
	 * Runs a guest's function, as an agent's run does, with an instance of its own in the host. Waits without a turn of the event loop. State of the
	 * guest's module stays from run to run: a component would start again.
	 *
	 * Returns a promise for a function that returns one. Timers of such a function are those of Node, in real time.
	 *
	 * @param options `timeoutMs`: longest run, in milliseconds. The default is that of the configuration.
	 * @throws SpearError the error of a hostcall that the guest passed on. GuestError the guest's own failure; of failure `trapped` for a call that would end
	 * a component. The value that the guest threw is the `cause` of both.
	 */
	run<Output extends string | Promise<string>>(run: (input: string) => Output, input?: string, options?: MockRunOptions): Output;
	run(run: (input: string) => unknown, input = "", { timeoutMs }: MockRunOptions = {}): string | Promise<string> {
		this.#finishOpen();
		this.#begin(input, timeoutMs);
		const restore = enterGuest();
		const call = new GuestCall(run);
		let output: string | Promise<string>;
		try {
			output = call.start(input);
		} catch (thrown) {
			restore();
			return this.#fail(thrown, call.thrown);
		}
		if (typeof output === "string") {
			restore();
			return this.#finish({ ok: output }, undefined);
		}
		return output.finally(restore).then(
			(ok) => this.#finish({ ok }, undefined),
			(thrown: unknown) => this.#fail(thrown, call.thrown),
		);
	}

	/** Requests that reached the scripted backend, in order. A test of `operation` narrows the payload. */
	get requests(): readonly MockRequest[] {
		return this.#requests.requests;
	}

	/** Returns the requests of one operation. */
	requestsOf<O extends MockedOperation>(operation: O): readonly MockRequest<O>[] {
		return this.#requests.of(operation);
	}

	/** Every hostcall of the guest, in order. */
	get calls(): readonly RecordedCall[] {
		return this.#calls;
	}

	/** Lines that the guest logged, in order. */
	get log(): readonly LogLine[] {
		return this.#log;
	}

	/** Output that the guest emitted, in order. */
	get output(): readonly RunOutput[] {
		return this.#output;
	}

	/** Time that has passed for the host, in milliseconds. */
	get elapsedMs(): number {
		return this.#now;
	}

	/** @throws Error if replies of the script are left, with their number by name. */
	assertUsed(): void {
		const unused = Object.entries(this.#script.unused());
		if (unused.length === 0) return;
		throw new Error(`replies of the script were not used: ${unused.map(([name, count]) => `${count} of ${name}`).join(", ")}`);
	}

	/** Ends the host. The mock host that was made before receives the hostcalls again. */
	close(): void {
		this.#finishOpen();
		this.#link.close();
		handleHostcalls(this.#former);
	}

	[Symbol.dispose](): void {
		this.close();
	}

	/** @internal */
	call(call: Hostcall, waits: boolean): HostcallAnswer {
		if (this.#trap !== undefined) return { trap: `the guest has trapped before: ${this.#trap.message}` };
		if (!this.#isOpen) this.#begin("", undefined);
		const from = this.#exchange({ type: "call", call, waits });
		if (from.type !== "answer") throw new Error("the mock host did not answer a call");
		this.#calls.push({ name: `${call.interface}.${call.function.replace(/^\[\w+\]/, "")}`, args: call.args, answer: from.answer });
		if ("trap" in from.answer) this.trapped(new MockTrap(from.answer.trap));
		return from.answer;
	}

	/** @internal */
	drop(id: number): void {
		if (this.#isOpen) this.#exchange({ type: "drop", id });
	}

	/** @internal */
	trapped(trap: MockTrap): void {
		this.#trap ??= trap;
	}

	#begin(input: string, timeoutMs: number | undefined): void {
		this.#trap = undefined;
		this.#exchange({ type: "begin", input, timeoutMs });
		this.#isOpen = true;
	}

	/** Ends the run of calls outside of `run`. */
	#finishOpen(): void {
		if (this.#isOpen) this.#end({ ok: "" });
	}

	#fail(error: unknown, cause: unknown): never {
		// After a trap, nothing that the guest throws counts.
		throw this.#failure(this.#trap === undefined ? { err: lift(error, RUN_ERROR, "run", noHandle) } : { ok: "" }, cause);
	}

	#finish(outcome: GuestOutcome, cause: unknown): string {
		if (this.#trap !== undefined) throw this.#failure(outcome, cause);
		const ended = this.#end(outcome);
		if ("ok" in ended) return ended.ok;
		throw fromPlainError(ended.error, cause);
	}

	/** Ends the run with a failure. Returns the error that the caller of the run receives. */
	#failure(outcome: GuestOutcome, cause: unknown): Error {
		const trap = this.#trap;
		const ended = this.#end(trap === undefined ? outcome : { trap: trap.message });
		if ("ok" in ended) throw new Error("the run did not fail");
		return fromPlainError(ended.error, trap ?? cause);
	}

	#end(outcome: GuestOutcome): (FromHost & { type: "ended" })["result"] {
		this.#isOpen = false;
		const from = this.#exchange({ type: "end", outcome });
		if (from.type !== "ended") throw new Error("the mock host did not end the run");
		return from.result;
	}

	#exchange(message: Parameters<HostLink["exchange"]>[0]): FromHost {
		const from = this.#link.exchange(message, (other) => this.#receive(other));
		if ("now" in from) this.#now = from.now;
		return from;
	}

	#receive(message: FromHost): void {
		if (message.type === "log") this.#log.push(message.line);
		else if (message.type === "output") this.#output.push(message.output);
		else if (message.type === "plan") this.#link.send({ type: "planned", plan: this.#plan(message.request) });
	}

	#plan(arrived: ArrivedRequest<MockedOperation>): PlainPlan {
		try {
			const request = this.#requests.add(arrived);
			const reply = this.#script.next(request);
			if (reply instanceof Promise) {
				reply.catch(() => {});
				throw new SpearError(
					"invalid_request",
					"the function of the script returned a promise; the guest waits meanwhile, so return the reply itself",
				);
			}
			const plan: Plan = planned(arrived.operation, reply, request);
			return { ...plan, end: "failure" in plan.end ? { failure: toPlainError(plan.end.failure) } : plan.end };
		} catch (thrown) {
			return { delayMs: 0, everyMs: 0, pieces: [], end: { failure: toPlainError(thrown) } };
		}
	}
}

/**
 * Starts a host for guests that run in this thread as plain modules. Their imports of `spear:ai/…` need the loader hook
 * `spear-hostcall/guest/testing/register`.
 *
 * ```ts
 * // agent.test.ts — node --import spear-hostcall/guest/testing/register --test agent.test.ts
 * import { mockHost } from "spear-hostcall/guest/testing";
 * import { run } from "./agent.ts";
 *
 * test("the agent answers", () => {
 * 	using host = mockHost({ chat: ["Hello!"] });
 * 	assert.equal(host.run(run, "hi"), "Hello!");
 * 	assert.equal(host.requestsOf("chat_completions").length, 1);
 * });
 * ```
 *
 * Functions of a script are called while the guest waits, so they must not be asynchronous.
 *
 * @throws TypeError for a script with unknown names.
 */
export function mockHost(script: MockScript = {}, options: MockHostOptions = {}): MockHost {
	return new MockHost(script, options);
}

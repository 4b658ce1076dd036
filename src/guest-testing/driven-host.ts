import { runErrorToIr } from "../../generated/abi/component/convert/types.ts";
import { HOST_INTERFACES } from "../../generated/abi/component/lowering/index.ts";
import { offeredFunction } from "../abi/component/import-object.ts";
import type { RunOutcome } from "../abi/guest-module.ts";
import type { Agent } from "../host/agent.ts";
import { createHost } from "../host/create-host.ts";
import { RunningHost } from "../host/running-host.ts";
import type { HostEvent } from "../telemetry/host-event.ts";
import { plannedKind } from "../testing/planned-kind.ts";
import { systemClock } from "../time/clock.ts";
import { type DrivenInstance, drivenModule } from "./driven-module.ts";
import type { Hostcall, HostcallAnswer } from "./interface-modules.ts";
import { PlanRequests } from "./plan-requests.ts";
import { type FromHost, type GuestOutcome, type HostSetup, post, type ThreadData, type ToHost, toPlainError } from "./protocol.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { functionType, type WitType } from "./wit-type.ts";

/** Calls in a row that do not wait, after which each call takes time. Otherwise a guest that asks again and again would never see time pass. */
const FREE_CALLS = 1_000;

const KEYS = new Map(
	HOST_INTERFACES.flatMap(({ name, functions }) => Object.entries(functions).map(([wit, { key }]) => [`${name}#${wit}`, key] as const)),
);

/** Messages to a host that has been opened. */
export type ToDrivenHost = Exclude<ToHost, { type: "open" }>;

/** A run in progress. */
interface CurrentRun {
	readonly instance: DrivenInstance;
	readonly ended: Promise<string>;
	readonly handles: Map<number, object>;
}

/** A host that carries out the hostcalls of a guest in another thread. */
export class DrivenHost {
	readonly #data: ThreadData;
	readonly #time: VirtualTime | undefined;
	readonly #host: RunningHost;
	readonly #agent: Agent;
	readonly #planning: PlanRequests;
	/** Time at which the host began, in milliseconds. */
	readonly #start: number;
	#run: CurrentRun | undefined;
	#started = Promise.withResolvers<DrivenInstance>();
	#nextHandle = 1;
	#callsWithoutWait = 0;

	private constructor(
		data: ThreadData,
		time: VirtualTime | undefined,
		host: RunningHost,
		planning: PlanRequests,
		guest: string | undefined,
	) {
		this.#data = data;
		this.#time = time;
		this.#host = host;
		this.#planning = planning;
		this.#start = time?.now ?? performance.now();
		const module = drivenModule(guest ?? "guest", (instance) => this.#started.resolve(instance));
		this.#agent = host.loadModule(module, guest === undefined ? {} : { guest });
	}

	/** Starts a host. */
	static async open(
		data: ThreadData,
		time: VirtualTime | undefined,
		{ config, env, guest, operations, models }: HostSetup,
	): Promise<DrivenHost> {
		const planning = new PlanRequests(data);
		const kind = plannedKind({
			name: "mock",
			operations,
			clock: systemClock,
			...(models === undefined ? {} : { models }),
			plan: (request) => planning.ask(request),
		});
		const { backends = operations.length === 0 ? {} : { mock: { kind: "mock" } } } = config;
		const silent = (): void => {};
		const host = await createHost({
			kinds: operations.length === 0 ? [] : [kind],
			config: { ...config, backends },
			env,
			logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
		});
		if (!(host instanceof RunningHost)) throw new Error("the host is of another class");
		return new DrivenHost(data, time, host, planning, guest);
	}

	async receive(message: ToDrivenHost): Promise<void> {
		switch (message.type) {
			case "planned":
				this.#planning.answer(message.plan);
				return;
			case "begin":
				await this.#begin(message.input, message.timeoutMs);
				this.#post({ type: "done", now: this.#now });
				return;
			case "call":
				this.#post({ type: "answer", answer: await this.#call(message.call, message.waits), now: this.#now });
				return;
			case "drop":
				this.#drop(message.id);
				this.#post({ type: "done", now: this.#now });
				return;
			case "end":
				await this.#end(message.outcome);
				return;
			case "close":
				await this.#host.close();
				this.#post({ type: "done", now: this.#now });
		}
	}

	async #begin(input: string, timeoutMs: number | undefined): Promise<void> {
		this.#started = Promise.withResolvers();
		const onEvent = (event: HostEvent): void => {
			if (event.type === "log") this.#post({ type: "log", line: { level: event.level, message: event.message, fields: event.fields } });
		};
		const run = this.#agent.run(input, { onEvent, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
		const reading = (async () => {
			for await (const output of run) this.#post({ type: "output", output });
		})();
		reading.catch(() => {});
		const instance = await Promise.race([this.#started.promise, run.then(() => Promise.reject(new Error("the run ended at once")))]);
		await this.#waitFor(instance.started);
		this.#run = { instance, ended: run, handles: new Map() };
	}

	async #end(outcome: GuestOutcome): Promise<void> {
		const run = this.#run;
		this.#run = undefined;
		if (run === undefined) throw new Error("there is no run");
		run.instance.end(irOutcome(outcome));
		try {
			const ok = await this.#waitFor(run.ended);
			this.#post({ type: "ended", result: { ok }, now: this.#now });
		} catch (thrown) {
			this.#post({ type: "ended", result: { error: toPlainError(thrown) }, now: this.#now });
		}
	}

	async #call({ interface: name, function: wit, self, args }: Hostcall, waits: boolean): Promise<HostcallAnswer> {
		const run = this.#run;
		const base = `spear:ai/${name}`;
		const key = KEYS.get(`${base}#${wit}`);
		const target = run === undefined ? undefined : offeredFunction(run.instance.imports, base, wit);
		if (run === undefined || key === undefined || target === undefined) return { trap: `${base}: there is no function ${wit}` };
		const type = functionType(key);
		const parameters = self === undefined ? type.parameters : type.parameters.slice(1);
		const values = args.map((value, index) => withHandles(value, parameters[index]?.type, run.handles));
		try {
			this.#countCall(waits);
			const answer: unknown = await this.#waitFor(
				Promise.resolve(Reflect.apply(target, self === undefined ? undefined : run.handles.get(self), values)),
			);
			return this.#answerOf(answer, type.result, run.handles);
		} catch (thrown) {
			return { trap: thrown instanceof Error ? thrown.message : String(thrown) };
		}
	}

	#answerOf(answer: unknown, type: WitType, handles: Map<number, object>): HostcallAnswer {
		if (type.kind !== "result") return { ok: this.#withIds(answer, type, handles) };
		const { tag, val } = answer as { readonly tag: "ok" | "err"; readonly val: unknown };
		return tag === "ok" ? { ok: this.#withIds(val, type.ok, handles) } : { err: val };
	}

	/** Replaces a handle by a new id. Results hold handles only as a whole. */
	#withIds(value: unknown, type: WitType, handles: Map<number, object>): unknown {
		if (type.kind !== "own" || typeof value !== "object" || value === null) return value;
		const id = this.#nextHandle++;
		handles.set(id, value);
		return id;
	}

	#drop(id: number): void {
		const handle = this.#run?.handles.get(id);
		this.#run?.handles.delete(id);
		if (handle !== undefined && isDisposable(handle)) handle[Symbol.dispose]();
	}

	#countCall(waits: boolean): void {
		this.#callsWithoutWait = waits ? 0 : this.#callsWithoutWait + 1;
		if (this.#callsWithoutWait > FREE_CALLS) this.#time?.pass(1);
	}

	#waitFor<T>(work: Promise<T>): Promise<T> {
		return this.#time === undefined ? work : this.#time.run(work, () => this.#planning.isWaiting);
	}

	get #now(): number {
		return (this.#time?.now ?? performance.now()) - this.#start;
	}

	#post(message: FromHost): void {
		post(this.#data, message);
	}
}

function withHandles(value: unknown, type: WitType | undefined, handles: ReadonlyMap<number, object>): unknown {
	if (type?.kind === "borrow") return handles.get(Number(value));
	if (type?.kind === "list" && typeof type.of === "object" && type.of.kind === "borrow" && Array.isArray(value))
		return value.map((id) => handles.get(Number(id)));
	return value;
}

function isDisposable(value: object): value is Disposable {
	return Symbol.dispose in value && typeof value[Symbol.dispose] === "function";
}

function irOutcome(outcome: GuestOutcome): RunOutcome {
	if ("ok" in outcome) return outcome;
	if ("err" in outcome) return { err: runErrorToIr(outcome.err as Parameters<typeof runErrorToIr>[0]) };
	return { trap: { kind: "trap", message: `the guest trapped: ${outcome.trap}`, stderr: "", cause: undefined } };
}

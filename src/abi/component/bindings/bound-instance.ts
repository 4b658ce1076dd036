import type { CallContext, ConstructorLifting, CoreFunction, ExportLifting } from "../../../../generated/abi/component/lowering/runtime.ts";
import { GuestError } from "../../../errors/guest-error.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { GuestTrap } from "../../guest-module.ts";
import { outcomeOf } from "../../run/run-end.ts";
import { webAssembly } from "../../web-assembly.ts";
import { camel } from "../import-object.ts";
import type { LinkedGuest } from "../linked-guest.ts";
import { ROOT_INTERFACE } from "../plan/host-imports.ts";
import type { LiftedFunction } from "../plan/plan.ts";
import { isRecord } from "../toolchain.ts";
import type { ExportedInterface, Instance, InstantiateOptions } from "./bindings.ts";
import { ComponentError } from "./component-error.ts";
import { ExportedObjects } from "./exported-objects.ts";
import { FunctionCheck } from "./function-check.ts";
import type { MatchedExports, MatchedFunction, MatchedInterface } from "./match-exports.ts";

type AnyFunction = (...args: never[]) => unknown;

/** An instance whose exports are functions and classes, until it is disposed of or a call ends it. */
export class BoundInstance {
	readonly #name: string;
	readonly #options: InstantiateOptions;
	/** Absent after the end: an embedder may keep the exports, and the memory must go. */
	#guest: LinkedGuest | undefined;
	#endReason = "";
	/** Function that runs. */
	#running: string | undefined;
	/** True if the running call has passed its arguments to the guest. */
	#isInside = false;
	/** Rejects the running call. */
	#reject: (cause: unknown) => void = () => {};

	constructor(name: string, guest: LinkedGuest, options: InstantiateOptions) {
		this.#name = name;
		this.#guest = guest;
		this.#options = options;
		const { signal, memory, valueLimits } = options;
		guest.output.connect(options);
		memory?.attach(() => guest.memory.bytes);
		guest.guest.memory = memory;
		if (valueLimits !== undefined) guest.guest.state.limits = valueLimits;
		// A guest that waits is told of its end by nothing else.
		guest.guest.whenEnded(() => setImmediate(() => this.#reject(undefined)));
		signal?.addEventListener("abort", () => this.#end("it was aborted"), { once: true });
	}

	/** Returns the exports as an object. */
	exports<Exports>({ interfaces, resources }: MatchedExports, shapes: readonly ExportedInterface[]): Instance<Exports> {
		const exports: Record<string | symbol, unknown> = { [Symbol.dispose]: () => this.#end("it was disposed of") };
		const guest = this.#alive();
		const objects = new ExportedObjects(guest.linked, resources);
		guest.guest.state.exported = objects;
		for (const [index, matched] of interfaces.entries()) {
			const members = this.#members(matched, objects);
			const names = shapes[index]?.members ?? [];
			if (names.length === 0) Object.assign(exports, members);
			for (const name of names) exports[name] = members;
		}
		return exports as Instance<Exports>;
	}

	#members({ lifting, functions, constructors }: MatchedInterface, objects: ExportedObjects): Readonly<Record<string, unknown>> {
		const members: Record<string, unknown> = {};
		const classes = new Map<string, { readonly statics: object; readonly prototype: object }>();
		for (const [name, resource] of Object.entries(lifting.resources)) {
			const open = constructors.get(name);
			const site = `${lifting.name}.${resource.name}`;
			const made = this.#class(name, site, open, objects);
			objects.define(resource, made);
			members[name] = made;
			classes.set(resource.name, { statics: made, prototype: made.prototype });
		}
		for (const [wit, { lifted, lifting: each }] of functions) {
			const call = this.#asynchronous(siteOf(lifting.name, wit), lifted, each, objects);
			const [, kind, resource = "", member = ""] = /^\[(method|static)\]([^.]+)\.(.+)$/.exec(wit) ?? [];
			const made = classes.get(resource);
			if (made === undefined) members[camel(wit)] = call;
			else if (kind === "static") define(made.statics, camel(member), call);
			else
				define(made.prototype, camel(member), function (this: unknown, ...args: unknown[]) {
					return call(this, ...args);
				});
		}
		return members;
	}

	/** Returns a function that calls an export, and waits for what the export waits for. */
	#asynchronous(
		site: string,
		lifted: LiftedFunction,
		lifting: ExportLifting,
		objects: ExportedObjects,
	): (...args: unknown[]) => Promise<unknown> {
		const { context, core, free } = this.#alive().linked.exported(lifted);
		const target = lifting.lift(context, this.#observed(webAssembly.promising(core)), free);
		return async (...args) => {
			this.#check(site, lifting, args, objects);
			const guest = this.#begin(site);
			let answer: unknown;
			try {
				answer = await new Promise((resolve, reject) => {
					this.#reject = reject;
					Reflect.apply(target, undefined, args).then(resolve, reject);
				});
			} catch (cause) {
				answer = this.#failed(guest, context, cause);
			} finally {
				this.#finish(guest);
			}
			return lifting.throws === true ? okOf(answer) : answer;
		};
	}

	/** Returns the class of a resource. A constructor cannot wait, and neither can the destructor. */
	#class(
		name: string,
		site: string,
		open: MatchedFunction<ConstructorLifting> | undefined,
		objects: ExportedObjects,
	): new (
		...args: unknown[]
	) => object {
		const construct = open && this.#synchronous(site, open, objects);
		const made = class {
			constructor(...args: unknown[]) {
				if (construct === undefined) throw new TypeError(`${site} has no constructor`);
				objects.adopt(this, construct(args));
			}

			[Symbol.dispose](): void {
				objects.dispose(this);
			}
		};
		Object.defineProperty(made, "name", { value: name });
		return made;
	}

	#synchronous(
		site: string,
		{ lifted, lifting }: MatchedFunction<ConstructorLifting>,
		objects: ExportedObjects,
	): (args: readonly unknown[]) => unknown {
		const { context, core, free } = this.#alive().linked.exported(lifted);
		const target = lifting.lift(context, this.#observed(core), free);
		return (args) => {
			this.#check(site, lifting, args, objects);
			const guest = this.#begin(site);
			const { state } = guest.guest;
			let answer: unknown;
			try {
				state.forbidWaiting();
				answer = Reflect.apply(target, undefined, args);
			} catch (cause) {
				answer = this.#failed(guest, context, cause);
			} finally {
				state.allowWaiting();
				this.#finish(guest);
			}
			return lifting.throws === true ? okOf(answer) : answer;
		};
	}

	/** Returns a core function that tells when it is called. */
	#observed(core: CoreFunction): CoreFunction {
		return (...args: readonly unknown[]) => {
			this.#isInside = true;
			return Reflect.apply(core, undefined, args);
		};
	}

	#alive(): LinkedGuest {
		if (this.#guest !== undefined) return this.#guest;
		throw new SpearError(
			"invalid_request",
			`the instance of ${this.#name} cannot be called any more: ${this.#endReason}; instantiate the component again`,
		);
	}

	/** Refuses arguments of other types before anything of them reaches the guest. */
	#check(site: string, lifting: { readonly key: string }, args: readonly unknown[], objects: ExportedObjects): void {
		this.#alive();
		objects.beginPassing();
		FunctionCheck.of(lifting).arguments(site, args, objects);
	}

	#begin(site: string): LinkedGuest {
		const guest = this.#alive();
		if (this.#running !== undefined)
			throw new SpearError(
				"invalid_request",
				`${site} was called while ${this.#running} of the same instance runs; await that call, or instantiate the component again`,
			);
		this.#running = site;
		this.#isInside = false;
		guest.guest.start(this.#options.callLimits ?? {});
		return guest;
	}

	#finish({ guest, wasi }: LinkedGuest): void {
		this.#running = undefined;
		this.#reject = () => {};
		guest.finish();
		wasi.flush();
	}

	/** Ends the instance, and throws the error of a call that did not answer. Returns nothing for a guest that has exited with success. */
	#failed({ guest, output, wasi }: LinkedGuest, { component }: CallContext, cause: unknown): undefined {
		if (!this.#isInside && guest.ended === undefined && this.#guest !== undefined) {
			// An argument was wrong, and the guest has not run.
			component.entered = false;
			component.borrows = 0;
			throw cause;
		}
		wasi.flush();
		const outcome = outcomeOf(cause, output.stderrTail, guest.ended);
		const ended = this.#guest === undefined ? this.#endReason : undefined;
		const why = "trap" in outcome ? outcome.trap.message : "it exited";
		this.#end(why);
		if ("ok" in outcome) return undefined;
		if (ended !== undefined)
			throw new SpearError("cancelled", `the call of ${this.#name} was ended: ${ended}`, { cause: this.#options.signal?.reason });
		throw "exited" in outcome
			? new GuestError("failed", `${this.#name} exited with status ${outcome.exited}`, { exitStatus: outcome.exited })
			: errorOf(outcome.trap);
	}

	#end(why: string): void {
		const { guest, wasi } = this.#guest ?? {};
		if (guest === undefined) return;
		this.#guest = undefined;
		this.#endReason = why;
		guest.stop(why);
		wasi?.close();
	}
}

/** A function as messages name it. */
function siteOf(name: string, wit: string): string {
	return name === ROOT_INTERFACE ? wit : `${name}#${wit}`;
}

function define(place: object, name: string, value: AnyFunction): void {
	Object.defineProperty(place, name, { value, writable: true, configurable: true });
}

/** Returns the value of a result, or throws its error. */
function okOf(answer: unknown): unknown {
	if (!isRecord(answer)) return undefined;
	if (answer.tag === "err") throw new ComponentError(answer.val);
	return answer.val;
}

function errorOf({ kind, message, stderr, cause }: GuestTrap): Error {
	if (kind === "host-fault" && cause instanceof Error) return cause;
	if (kind === "deadline") return new SpearError("timeout", message, { cause });
	if (kind === "aborted") return new SpearError("cancelled", message, { cause });
	return new GuestError(kind === "cpu-budget" ? "over_budget" : "trapped", message, { stderr, cause });
}

import { HOST_INTERFACES } from "../../generated/abi/component/lowering/index.ts";
import { camel, pascal } from "../abi/component/import-object.ts";
import { lift } from "./lift.ts";
import { lower } from "./lower.ts";
import { MockTrap } from "./mock-trap.ts";
import { functionType, type WitFunction } from "./wit-type.ts";

/** A hostcall of the guest, with values as the host receives them. Handles are ids. */
export interface Hostcall {
	/** Interface without package and version, such as `cchat`. */
	readonly interface: string;
	/** Function by its name in WIT, such as `complete` or `[method]session.send`. */
	readonly function: string;
	/** Id of the handle whose method is called. Absent for other functions. */
	readonly self?: number;
	readonly args: readonly unknown[];
}

/** Answer to a hostcall. A handle is an id. */
export type HostcallAnswer = { readonly ok: unknown } | { readonly err: unknown } | { readonly trap: string };

/** Carries out the hostcalls of the guest, while the guest waits. */
export interface HostcallHandler {
	call(call: Hostcall, waits: boolean): HostcallAnswer;
	/** Drops a handle. */
	drop(id: number): void;
	/** Called when the guest cannot go on. */
	trapped(trap: MockTrap): void;
}

let current: HostcallHandler | undefined;

/** Sets the handler of all later hostcalls, or none. Returns the former one. */
export function handleHostcalls(handler: HostcallHandler | undefined): HostcallHandler | undefined {
	const former = current;
	current = handler;
	return former;
}

function handler(): HostcallHandler {
	if (current === undefined)
		throw new Error("no mock host: call mockHost({ … }) of spear-hostcall/guest/testing before the guest calls its host");
	return current;
}

/** Handles of the guest: the id in the host, and whether the guest has dropped the handle. */
const handles = new WeakMap<object, { readonly id: number; readonly owner: HostcallHandler; dropped: boolean }>();

/** Classes of resources by name, such as `spear:ai/cchat.session`. */
const classes = new Map<string, { readonly prototype: object }>();

const modules = new Map(HOST_INTERFACES.map(({ name }) => [name.replace("spear:ai/", ""), membersOf(name)]));

/** Names of the interfaces, without package and version. */
export const INTERFACES: readonly string[] = [...modules.keys()];

/**
 * Returns the exports of an interface, such as `cchat`, as a guest imports them.
 *
 * @throws Error for an unknown interface.
 */
export function interfaceModule(name: string): Readonly<Record<string, unknown>> {
	const found = modules.get(name);
	if (found === undefined) throw new Error(`there is no interface spear:ai/${name}; there are: ${INTERFACES.join(", ")}`);
	return found;
}

function membersOf(name: string): Readonly<Record<string, unknown>> {
	const lowering = HOST_INTERFACES.find((each) => each.name === name);
	const members: Record<string, unknown> = {};
	for (const resource of Object.keys(lowering?.resources ?? {})) {
		const made = resourceClass(resource);
		classes.set(`${name}.${resource}`, made);
		members[pascal(resource)] = made;
	}
	for (const [wit, { key, waits }] of Object.entries(lowering?.functions ?? {})) {
		const [, kind, resource = "", method = ""] = /^(?:\[(method|static)\])?(?:([^.]+)\.)?(.+)$/.exec(wit) ?? [];
		const type = functionType(key);
		const shortName = name.replace("spear:ai/", "");
		const call = (self: unknown, args: readonly unknown[]): unknown =>
			hostcall(shortName, wit, type, waits !== false, kind === "method", self, args);
		const made = {
			[camel(method)](this: unknown, ...args: unknown[]) {
				return call(this, args);
			},
		}[camel(method)];
		const owner = kind === undefined ? members : members[pascal(resource)];
		const place = kind === "method" && typeof owner === "function" ? owner.prototype : owner;
		Object.defineProperty(place, camel(method), { value: made, enumerable: kind === undefined, writable: true, configurable: true });
	}
	return members;
}

function resourceClass(resource: string): { readonly prototype: object } {
	const name = pascal(resource);
	const made = {
		[name]: class {
			constructor() {
				throw new TypeError(`${resource} has no constructor`);
			}

			[Symbol.dispose](): void {
				const handle = handles.get(this);
				if (handle === undefined || handle.dropped) return;
				handle.dropped = true;
				handle.owner.drop(handle.id);
			}
		},
	}[name];
	if (made === undefined) throw new Error("unreachable");
	return made;
}

function hostcall(
	name: string,
	wit: string,
	type: WitFunction,
	waits: boolean,
	isMethod: boolean,
	self: unknown,
	args: readonly unknown[],
): unknown {
	const parameters = isMethod ? type.parameters.slice(1) : type.parameters;
	// The engine counts the object of a method too.
	if (args.length < parameters.length) throw new TypeError(`${wit} requires ${type.parameters.length} arguments`);
	const host = handler();
	const id = isMethod ? handleId(self) : undefined;
	let lifted: readonly unknown[];
	try {
		const plain = wit.replace(/^\[\w+\]/, "");
		lifted = parameters.map((parameter, index) =>
			lift(args[index], parameter.type, `${plain}: ${camel(parameter.name)}`, (value, place) => borrowed(value, place)),
		);
	} catch (thrown) {
		if (thrown instanceof MockTrap) host.trapped(thrown);
		throw thrown;
	}
	const answer = host.call({ interface: name, function: wit, ...(id === undefined ? {} : { self: id }), args: lifted }, waits);
	const { result } = type;
	const handle = (handleOfHost: number, resource: string): object => newHandle(handleOfHost, resource, host);
	if ("trap" in answer) throw new MockTrap(answer.trap);
	if ("ok" in answer) return lower(answer.ok, result.kind === "result" ? result.ok : result, handle);
	throw componentError(result.kind === "result" ? lower(answer.err, result.err, handle) : answer.err);
}

/** Returns the error of a failed hostcall, as the engine makes it. */
function componentError(payload: unknown): Error {
	return Object.assign(new Error("[object Object] (see error.payload)"), { payload });
}

/** @throws TypeError for an object that is no handle, or was disposed. The engine does the same for the object of a method. */
function handleId(value: unknown): number {
	const handle = typeof value === "object" && value !== null ? handles.get(value) : undefined;
	if (handle === undefined) throw new TypeError("expected an imported resource wrapper");
	if (handle.dropped) throw new TypeError("resource has been disposed");
	return handle.id;
}

function borrowed(value: unknown, place: string): number {
	try {
		return handleId(value);
	} catch (thrown) {
		throw new MockTrap(`${place}: ${thrown instanceof Error ? thrown.message : thrown}; a component traps here`);
	}
}

function newHandle(id: number, resource: string, owner: HostcallHandler): object {
	const made: object = Object.create(classes.get(resource)?.prototype ?? null);
	handles.set(made, { id, owner, dropped: false });
	return made;
}

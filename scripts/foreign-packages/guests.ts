/** Guests of packages by different owners, built for QuickJS and run against the generated bindings and by the official tool, with the same host. */
import { isDeepStrictEqual } from "node:util";
import { ComponentError } from "../../src/component.ts";
import { bindingsOf, buildQuickJs, type LoadedBindings, witDirectory } from "../../test/helpers/general-targets.ts";
import { implementation } from "../../test/helpers/host-implementation.ts";
import { instantiateByJco } from "../../test/helpers/transpiled.ts";

type Exports = Readonly<Record<string, unknown>>;

export interface ForeignGuest {
	/** Owner of the package. */
	readonly owner: string;
	/** A package with a world of the guest's own. The default is the package itself. */
	readonly wit?: string;
	readonly world: string;
	/** JavaScript of the guest. */
	readonly source: string;
	/** Members of the host by interface. Other functions of these interfaces fail. */
	readonly interfaces: (log: unknown[]) => Readonly<Record<string, Readonly<Record<string, unknown>>>>;
	/** Calls of the guest. Each returns an answer, or throws an error with a payload. The host writes to the log. */
	readonly calls: readonly ((guest: Exports, log: readonly unknown[]) => unknown)[];
	readonly expected: readonly unknown[];
}

/**
 * Builds a guest and makes its calls, against the bindings and by the official tool.
 *
 * @param directory of the package
 * @returns the number of calls
 * @throws Error if an answer is not the expected one
 */
export async function runGuest(guest: ForeignGuest, directory: string): Promise<number> {
	const { wit, world, source } = guest;
	const folder = wit === undefined ? directory : witDirectory(wit, directory);
	const [bindings, component] = await Promise.all([bindingsOf<Exports>(folder, world), buildQuickJs(folder, world, source)]);
	await compare("the bindings", guest, bindings, (imports) => bindings.instantiate(component, imports));
	await compare("the official tool", guest, bindings, (imports) => instantiateByJco<Exports>(component, imports));
	return guest.calls.length;
}

async function compare(
	who: string,
	{ interfaces, calls, expected }: ForeignGuest,
	{ imports }: LoadedBindings<Exports>,
	instantiate: (imports: object) => Promise<Exports>,
): Promise<void> {
	const log: unknown[] = [];
	const members = Object.entries(interfaces(log)).map(([name, own]) => [name, implementation({ imports }, name, own)]);
	const guest = await instantiate(Object.fromEntries(members));
	for (const [index, each] of calls.entries()) {
		const answer = withoutAbsent(await outcome(() => each(guest, log)));
		if (isDeepStrictEqual(answer, expected[index])) continue;
		throw new Error(`call ${index + 1} by ${who}: ${show(answer)} instead of ${show(expected[index])}`);
	}
}

async function outcome(call: () => unknown): Promise<unknown> {
	try {
		return await call();
	} catch (error) {
		if (error instanceof Error && Object.hasOwn(error, "payload")) return { refused: Reflect.get(error, "payload") };
		if (error instanceof Error) throw error;
		return { refused: error };
	}
}

/** A member that is absent may be there as undefined. */
function withoutAbsent(value: unknown): unknown {
	if (ArrayBuffer.isView(value)) return value;
	if (Array.isArray(value)) return value.map(withoutAbsent);
	if (typeof value !== "object" || value === null) return value;
	const members = Object.entries(value).filter(([, member]) => member !== undefined);
	return Object.fromEntries(members.map(([name, member]) => [name, withoutAbsent(member)]));
}

function show(value: unknown): string {
	return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}n` : each)) ?? "nothing";
}

/** Calls a function of an export whose type the script does not have. */
function call(owner: unknown, name: string, ...args: readonly unknown[]): unknown {
	const member: unknown = Reflect.get(Object(owner), name);
	if (typeof member !== "function") throw new TypeError(`the guest has no function ${name}`);
	return Reflect.apply(member, owner, args);
}

const EVENT = {
	uuid: "u-1",
	timestamp: 1_700_000_000n,
	timestampMillis: 1_700_000_000_000n,
	timestampMicros: -5n,
	eventType: "track",
	data: { tag: "track", val: { name: "näil", properties: [["a", "b"]], products: [[["sku", "1"]], []] } },
	context: {
		page: { name: "", category: "", keywords: ["k"], title: "", url: "", path: "/", search: "", referrer: "", properties: [] },
		user: { userId: "me", anonymousId: "", edgeeId: "", properties: [] },
		client: {
			ip: "::1",
			locale: "",
			timezone: "",
			userAgent: "",
			userAgentArchitecture: "",
			userAgentBitness: "",
			userAgentVersionList: "",
			userAgentFullVersionList: "",
			userAgentMobile: "",
			userAgentModel: "",
			osName: "",
			osVersion: "",
			screenWidth: -1,
			screenHeight: 0,
			screenDensity: 1.5,
			continent: "",
			countryCode: "",
			countryName: "",
			region: "",
			city: "",
		},
		campaign: { name: "", source: "", medium: "", term: "", content: "", creativeFormat: "", marketingTactic: "" },
		session: { sessionId: "", previousSessionId: "", sessionCount: 3, sessionStart: true, firstSeen: 0n, lastSeen: 2n ** 40n },
	},
	consent: undefined,
};

/** A component that turns events into requests. */
const EDGEE: ForeignGuest = {
	owner: "edgee",
	world: "data-collection-v101",
	source: `
function request(event, settings) {
	if (settings.length === 0) throw "no settings for " + event.uuid;
	const { session, client } = event.context;
	const seen = [event.timestamp, event.timestampMicros, session.lastSeen, client.screenDensity, client.screenWidth, event.consent, event.eventType];
	return { method: "PUT", url: settings[0][1], headers: [["x", event.data.tag]], forwardClientHeaders: session.sessionStart, body: JSON.stringify([seen, event.data.val]) };
}
export const dataCollection = { page: request, track: request, user: request };
`,
	interfaces: () => ({}),
	calls: [
		({ dataCollection }) => call(dataCollection, "track", EVENT, [["url", "https://example.test/"]]),
		({ dataCollection }) => call(dataCollection, "page", { ...EVENT, consent: "denied" }, []),
	],
	expected: [
		{
			method: "PUT",
			url: "https://example.test/",
			headers: [["x", "track"]],
			forwardClientHeaders: true,
			body: JSON.stringify([
				[1_700_000_000, -5, 2 ** 40, 1.5, -1, null, "track"],
				{ name: "näil", properties: [["a", "b"]], products: [[["sku", "1"]], []] },
			]),
		},
		{ refused: "no settings for u-1" },
	],
};

/** An application, to which a guest adds its systems. */
class App {
	readonly added: unknown[] = [];

	addSystems(schedule: unknown, systems: readonly System[]): void {
		this.added.push([schedule, systems.map((each) => each.parts)]);
	}
}

class System {
	readonly parts: unknown[];

	constructor(name: string) {
		this.parts = [name];
	}

	addQuery(query: unknown): void {
		this.parts.push(query);
	}

	after(other: System): void {
		this.parts.push(`after ${other.parts[0]}`);
	}
}

/** A mod of a game. The host gives the guest a resource of its own, and the guest makes others. */
const WASVY: ForeignGuest = {
	owner: "wasvy",
	world: "guest",
	source: `
import { System } from "wasvy:ecs/app@0.0.9";
export function setup(app) {
	const move = new System("move");
	const draw = new System("draw");
	move.addQuery([{ tag: "mut", val: "näil" }, { tag: "with", val: "b" }]);
	draw.after(move);
	app.addSystems({ tag: "custom", val: "late" }, [move, draw]);
	app.addSystems({ tag: "update" }, []);
}
`,
	interfaces: () => ({ "wasvy:ecs/app": { App, System } }),
	calls: [
		async (guest) => {
			const app = new App();
			await call(guest, "setup", app);
			return app.added;
		},
	],
	expected: [
		[
			[
				{ tag: "custom", val: "late" },
				[
					[
						"move",
						[
							{ tag: "mut", val: "näil" },
							{ tag: "with", val: "b" },
						],
					],
					["draw", "after move"],
				],
			],
			[{ tag: "update" }, []],
		],
	],
};

const ADDRESS = { node: "näil.os", process: { processName: "main", packageName: "app", publisherNode: "me.os" } };
const REQUEST = { inherit: true, expectsResponse: 2n ** 40n, body: new Uint8Array([1, 255]), metadata: undefined, capabilities: [] };

/** A process that talks to others. */
const HYPERWARE: ForeignGuest = {
	owner: "hyperware",
	// The package's own world exports `init`, a name that the builder of guests needs for itself.
	wit: "package test:probe;\nworld probe { import hyperware:process/standard@1.0.0; export run: func(our: string); }\n",
	world: "probe",
	source: `
import { our, receive, sendAndAwaitResponse, sendResponse, setOnExit, spawn } from "hyperware:process/standard@1.0.0";
export function run(name) {
	const [source, { tag, val }] = receive();
	const capability = { issuer: our(), params: name + tag + val.expectsResponse };
	setOnExit({ tag: "requests", val: [[source, { ...val, metadata: "m" }, { mime: null, bytes: val.body }]] });
	try { spawn(null, "/x.wasm", { tag: "restart" }, [capability], [[source.process, "{}"]], true); }
	catch (error) {
		try { sendAndAwaitResponse(source, val, null); }
		catch (other) { sendResponse({ inherit: false, body: new Uint8Array(0), metadata: error.payload + " " + other.payload.kind, capabilities: [capability] }, null); }
	}
}
`,
	interfaces: (log) => ({
		"hyperware:process/standard": {
			our: () => ADDRESS,
			receive: () => [ADDRESS, { tag: "request", val: REQUEST }],
			setOnExit: (onExit: unknown) => void log.push(onExit),
			spawn(...args: readonly unknown[]): never {
				log.push(args);
				throw new ComponentError("no-file-at-path");
			},
			sendAndAwaitResponse(target: unknown, request: unknown): never {
				const message = { tag: "request", val: request };
				throw new ComponentError({ kind: "timeout", target, message, lazyLoadBlob: undefined });
			},
			sendResponse: (response: unknown) => void log.push(response),
		},
	}),
	calls: [
		async (guest, log) => {
			await call(guest, "run", "me");
			return log;
		},
	],
	expected: [
		[
			{ tag: "requests", val: [[ADDRESS, { ...withoutMetadata(REQUEST), metadata: "m" }, { bytes: REQUEST.body }]] },
			[undefined, "/x.wasm", { tag: "restart" }, [{ issuer: ADDRESS, params: "merequest1099511627776" }], [[ADDRESS.process, "{}"]], true],
			{
				inherit: false,
				body: new Uint8Array(0),
				metadata: "no-file-at-path timeout",
				capabilities: [{ issuer: ADDRESS, params: "merequest1099511627776" }],
			},
		],
	],
};

function withoutMetadata({ metadata: _, ...request }: typeof REQUEST): object {
	return request;
}

export const FOREIGN_GUESTS: readonly ForeignGuest[] = [EDGEE, WASVY, HYPERWARE];

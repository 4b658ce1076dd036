import type { AgentInstance, Config, Host, HostEvent, Logger, RunOptions } from "../../src/index.ts";
import { buildTestGuest, scratch } from "./guest.ts";
import { createHost } from "./isolation.ts";
import { OpenAiServer } from "./openai-server.ts";
import { PROBE_GUEST, type ProbeCommand, type ProbeOutcome } from "./probe-guest.ts";
import { keyEnvironment, keyNames, UNASSISTED } from "./unassisted.ts";

/** The key in the environment of every end-to-end test. Only the upstream may receive it. */
export const CANARY = "sk-canary-51c3b6d09e7f4a28";

export interface ProbeHost {
	readonly server: OpenAiServer;
	readonly host: Host;
	/** Every line of the log, as JSON. */
	readonly logged: string[];
	/** Every observed event. */
	readonly events: HostEvent[];
	/** Creates a new instance of the probe guest. */
	instance(options?: RunOptions): Promise<AgentInstance>;
	close(): Promise<void>;
}

const KEYS = keyNames("CANARY_KEY");

/** Returns the path of the probe guest's component. */
export async function probeComponent(): Promise<string> {
	return (await buildTestGuest(PROBE_GUEST)).prepared;
}

/** Starts a host whose only backend, `upstream`, is a scripted server on the loopback interface. */
export async function startProbeHost(
	more: { readonly options?: Config["backends"]; readonly host?: Config["host"] } = {},
): Promise<ProbeHost> {
	const server = await OpenAiServer.start();
	const logged: string[] = [];
	const events: HostEvent[] = [];
	const write = (fields: Readonly<Record<string, unknown>>, message: string): void => {
		logged.push(describe({ fields, message }));
	};
	const logger: Logger = { trace: write, debug: write, info: write, warn: write, error: write };
	const host = await createHost({
		config: {
			host: { cache_dir: scratch(), ...more.host },
			router: UNASSISTED,
			backends: more.options ?? {
				upstream: { kind: "openai-compatible", base_url: server.baseUrl, api_key_env: KEYS, models: ["m1", "m2"] },
			},
		},
		env: { CANARY_KEY: CANARY, ...keyEnvironment(KEYS, CANARY) },
		logger,
	});
	const agent = await host.load(await probeComponent());
	return {
		server,
		host,
		logged,
		events,
		instance: (options = {}) => agent.instantiate({ onEvent: (event) => events.push(event), ...options }),
		async close() {
			await host.close();
			await server.close();
		},
	};
}

/** Runs commands in the probe guest. Returns the outcome of each. */
export async function probe(instance: AgentInstance, ...commands: ProbeCommand[]): Promise<ProbeOutcome[]> {
	const output: unknown = JSON.parse(await instance.run(JSON.stringify(commands)));
	if (!Array.isArray(output)) throw new Error("the probe guest answers with an array");
	return output;
}

/** Returns a value as text with all own properties, including those that are not enumerable, causes and stacks. */
export function describe(value: unknown): string {
	const seen = new WeakSet<object>();
	const visit = (item: unknown): unknown => {
		if (typeof item !== "object" || item === null) return item;
		if (seen.has(item)) return "…";
		seen.add(item);
		if (Array.isArray(item)) return item.map(visit);
		return Object.fromEntries(Object.getOwnPropertyNames(item).map((name) => [name, visit(Reflect.get(item, name))]));
	};
	return JSON.stringify(visit(value)) ?? "";
}

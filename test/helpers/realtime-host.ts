import type { AgentInstance, Config, Host, HostEvent, Logger, RunOptions } from "../../src/index.ts";
import { buildTestGuest, scratch } from "./guest.ts";
import { createHost } from "./isolation.ts";
import { describe } from "./probe-host.ts";
import { choose, programs } from "./programs.ts";
import { REALTIME_GUEST } from "./realtime-guest.ts";
import { RealtimeServer } from "./realtime-server.ts";
import { keyEnvironment, keyNames, UNASSISTED } from "./unassisted.ts";

/** The key in the environment. Only the upstream may receive it. */
export const REALTIME_KEY = "sk-canary-7a41d09c55be21f3";

const KEYS = keyNames("VOICE_KEY");

export interface RealtimeHost {
	readonly server: RealtimeServer;
	readonly host: Host;
	/** Every line of the log, as JSON. */
	readonly logged: string[];
	readonly events: HostEvent[];
	/** Creates a new instance of the guest. */
	instance(options?: RunOptions): Promise<AgentInstance>;
	close(): Promise<void>;
}

/** Starts a host whose only backend, `voice`, is a scripted realtime server on the loopback interface. */
export async function startRealtimeHost(
	more: { readonly limits?: Config["limits"]; readonly options?: object; readonly engine?: "quickjs" | "starlingmonkey" } = {},
): Promise<RealtimeHost> {
	const server = await RealtimeServer.start();
	const logged: string[] = [];
	const events: HostEvent[] = [];
	const write = (fields: Readonly<Record<string, unknown>>, message: string): void => {
		logged.push(describe({ fields, message }));
	};
	const logger: Logger = { trace: write, debug: write, info: write, warn: write, error: write };
	const host = await createHost({
		config: {
			host: { cache_dir: scratch() },
			router: UNASSISTED,
			...(more.limits === undefined ? {} : { limits: more.limits }),
			backends: {
				voice: {
					kind: "openai-realtime",
					base_url: server.baseUrl,
					api_key_env: KEYS,
					models: ["gpt-realtime", "gpt-4o-transcribe"],
					...(more.options === undefined ? {} : { options: { ...more.options } }),
				},
			},
		},
		env: keyEnvironment(KEYS, REALTIME_KEY),
		logger,
	});
	const starlingMonkey = more.engine === "starlingmonkey";
	const built = await (starlingMonkey ? programs() : buildTestGuest(REALTIME_GUEST, { world: "realtime-agent" }));
	const agent = await host.load(built.prepared);
	return {
		server,
		host,
		logged,
		events,
		async instance(options = {}) {
			const instance = await agent.instantiate({ onEvent: (event) => events.push(event), ...options });
			return starlingMonkey ? choose(instance, "realtime") : instance;
		},
		async close() {
			await host.close();
			await server.close();
		},
	};
}

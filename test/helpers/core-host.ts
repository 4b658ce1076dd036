import type { Config, Host, HostEvent, Logger, RunOptions } from "../../src/index.ts";
import { type CoreGuestName, coreGuest } from "./core-guests.ts";
import { scratch } from "./guest.ts";
import { createHost } from "./isolation.ts";
import { OpenAiServer } from "./openai-server.ts";
import { RealtimeServer } from "./realtime-server.ts";
import { keyEnvironment, keyNames, UNASSISTED } from "./unassisted.ts";

/** The key in the environment. Only the upstream may receive it. */
export const CORE_KEY = "sk-canary-2e90c1d7b64f5a83";

const KEYS = keyNames("CORE_KEY");

/** Outcome of a run: log lines, events, and the error. */
export interface CoreRun {
	/** Log lines `name=value` in order. */
	readonly lines: readonly string[];
	/** Value of the first line of a name. Undefined: there is none. */
	value(name: string): string | undefined;
	/** Every event. */
	readonly events: readonly HostEvent[];
	/** The error of the run. Undefined: the guest returned. */
	readonly error: unknown;
}

export interface CoreHost {
	readonly chat: OpenAiServer;
	readonly voice: RealtimeServer;
	readonly host: Host;
	/** Runs a guest to its end. */
	run(name: CoreGuestName, options?: RunOptions): Promise<CoreRun>;
	close(): Promise<void>;
}

/** Starts a host with two scripted servers on the loopback interface: the backend `upstream` chats, and `voice` transcribes. */
export async function startCoreHost(more: { readonly limits?: Config["limits"]; readonly host?: Config["host"] } = {}): Promise<CoreHost> {
	const chat = await OpenAiServer.start();
	const voice = await RealtimeServer.start();
	const quiet = (): void => {};
	const logger: Logger = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
	const host = await createHost({
		config: {
			host: { cache_dir: scratch(), ...more.host },
			router: UNASSISTED,
			...(more.limits === undefined ? {} : { limits: more.limits }),
			backends: {
				upstream: { kind: "openai-compatible", base_url: chat.baseUrl, api_key_env: KEYS, models: ["m1"] },
				voice: { kind: "openai-realtime", base_url: voice.baseUrl, api_key_env: KEYS, models: ["listener"] },
			},
		},
		env: keyEnvironment(KEYS, CORE_KEY),
		logger,
	});
	return {
		chat,
		voice,
		host,
		async run(name, options = {}) {
			const agent = await host.load(await coreGuest(name));
			const events: HostEvent[] = [];
			let error: unknown;
			try {
				await agent.run("", {
					...options,
					onEvent(event) {
						events.push(event);
						options.onEvent?.(event);
					},
				});
			} catch (thrown) {
				error = thrown;
			} finally {
				await agent.close();
			}
			const lines = events.flatMap((event) => (event.type === "log" ? [event.message] : []));
			const values = new Map(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const).reverse());
			return { lines, value: (key) => values.get(key), events, error };
		},
		async close() {
			await host.close();
			await chat.close();
			await voice.close();
		},
	};
}

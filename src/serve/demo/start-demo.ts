import { randomBytes } from "node:crypto";
import { createHost } from "../../host/create-host.ts";
import type { Host } from "../../host/host.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { seededRandom } from "../../time/random.ts";
import { DEMO_CONFIG, DEMO_CYCLE_MS, DEMO_KEY_ENV, DEMO_MODELS } from "./demo-config.ts";
import { sendDemoTraffic } from "./demo-traffic.ts";
import { demoClock } from "./recurring-upstream.ts";
import { simulatedKind } from "./simulated-kind.ts";

export interface DemoOptions {
	/** Key of the admin API, at least 16 characters. The default is a random one. */
	readonly adminKey?: string;
	/** Seed of all random numbers. The default is 1. */
	readonly seed?: number;
	/** Receives the host's log. The default writes JSON to standard error; the configuration of the demonstration logs nothing. */
	readonly logger?: Logger;
}

/** A host whose upstreams are simulated, and that receives simulated traffic. */
export interface Demo {
	readonly host: Host;
	/** Key of the admin API, for the operator's page. */
	readonly adminKey: string;
	/** Stops the traffic, and closes the host. */
	close(): Promise<void>;
}

/** Starts the demonstration: the real router between simulated upstreams and simulated guests. Needs no key, no network and no configuration. */
export async function startDemo({ seed = 1, logger, adminKey = randomBytes(12).toString("hex") }: DemoOptions = {}): Promise<Demo> {
	const random = seededRandom(seed);
	const kind = simulatedKind({ models: DEMO_MODELS, cycleMs: DEMO_CYCLE_MS, clock: demoClock(), random });
	const host = await createHost({
		config: DEMO_CONFIG,
		kinds: [kind],
		env: { [DEMO_KEY_ENV]: adminKey },
		...(logger === undefined ? {} : { logger }),
	});
	const abort = new AbortController();
	const traffic = sendDemoTraffic(host, random, abort.signal);
	return {
		host,
		adminKey,
		async close() {
			abort.abort();
			await traffic;
			await host.close();
		},
	};
}

import { ContentSeal } from "../../../src/cluster/content-seal.ts";
import type { SharedHints } from "../../../src/cluster/hints.ts";
import { HostSignals } from "../../../src/cluster/signals/host-signals.ts";
import { SignalNames } from "../../../src/cluster/signals/signal-names.ts";
import { MemoryLimitStore } from "../../../src/router/limits/memory-limit-store.ts";
import { Router } from "../../../src/router/router.ts";
import { DEFAULT_ROUTER } from "../../../src/router/settings.ts";
import type { Upstream } from "../../../src/simulation/upstream.ts";
import { seededRandom } from "../../../src/time/random.ts";
import { type InstanceModel, instanceOf } from "../backends.ts";
import { HostClock } from "./host-clock.ts";
import type { NetworkPath } from "./network.ts";
import { type HintTraffic, RemoteHints } from "./remote-hints.ts";
import { StoreLink } from "./store-link.ts";
import type { StoreServer } from "./store-server.ts";

export interface HintsHostContext extends NetworkPath {
	readonly seed: number;
	readonly name: string;
	/** Number of all hosts. */
	readonly hosts: number;
	readonly server: StoreServer;
	readonly room: SharedHints;
	readonly traffic: HintTraffic;
	readonly backends: readonly InstanceModel[];
	/** By the name of the backend. All hosts use the same. */
	readonly upstreams: ReadonlyMap<string, Pick<Upstream, "serve">>;
	/** False for a host that neither sends nor hears hints. */
	readonly exchanges: boolean;
}

/** A process of a host: the real router, and the real exchange of hints. */
export class HintsHost {
	readonly router: Router;
	readonly link: StoreLink;
	readonly signals: HostSignals | undefined;

	constructor(context: HintsHostContext) {
		const { seed, name, hosts, room, traffic, backends, upstreams, exchanges } = context;
		const clock = new HostClock(context.time);
		const random = seededRandom(seed);
		const settings = { ...DEFAULT_ROUTER, decisionLog: { ratio: 0, capacity: 0 } };
		const instances = backends.flatMap((model) => {
			const upstream = upstreams.get(model.name);
			return upstream === undefined ? [] : [instanceOf(model, upstream, settings, random)];
		});
		this.router = new Router({
			instances,
			routes: new Map([["chat_completions", {}]]),
			guests: new Map(),
			settings,
			clock,
			random,
			wallClock: () => clock.wall(),
			store: new MemoryLimitStore(clock),
		});
		this.link = new StoreLink({ ...context, clock });
		this.signals = exchanges
			? new HostSignals({
					host: () => name,
					store: { hints: new RemoteHints(room, this.link, traffic), connection: this.link },
					router: this.router,
					names: new SignalNames("simulation", new ContentSeal("none", undefined)),
					clock,
					hosts: () => hosts,
				})
			: undefined;
	}
}

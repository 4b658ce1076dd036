import { HostSignals } from "../../cluster/signals/host-signals.ts";
import { SignalNames } from "../../cluster/signals/signal-names.ts";
import type { Router } from "../../router/router.ts";
import { systemClock } from "../../time/clock.ts";
import type { HostCluster } from "./host-cluster.ts";

/** Joins the routers of the other hosts: breakers, rejected keys and cooldowns are exchanged as hints, whose numbers the other hosts see. */
export function joinSignals(cluster: HostCluster, router: Router): HostSignals {
	const { prefix, store, seal, membership, reports } = cluster;
	const signals = new HostSignals({
		host: () => cluster.host,
		hosts: () => membership.size,
		store,
		router,
		names: new SignalNames(prefix, seal),
		clock: systemClock,
	});
	reports.hints = () => Object.entries(signals.statistics).map(([name, amount]) => ({ name, amount }));
	return signals;
}

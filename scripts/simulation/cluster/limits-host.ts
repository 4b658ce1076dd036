import { LeasedLimits } from "../../../src/cluster/leases/leased-limits.ts";
import type { UnreachablePolicy } from "../../../src/cluster/leases/unreachable-policy.ts";
import type { LimitsRoom } from "../../../src/cluster/limits.ts";
import type { ClockErrors } from "./host-clock.ts";
import { HostClock } from "./host-clock.ts";
import type { NetworkPath } from "./network.ts";
import { RemoteLimits } from "./remote-limits.ts";
import { StoreLink } from "./store-link.ts";
import type { StoreServer } from "./store-server.ts";

export interface LimitsHostContext extends NetworkPath {
	readonly server: StoreServer;
	/** Returns the room in the process of the store. */
	readonly room: () => LimitsRoom;
	readonly policy: UnreachablePolicy;
	readonly clocks: ClockErrors | undefined;
	/** Name of the process: each start has another one. */
	readonly name: string;
}

/** A process of a host: its clocks, its link to the store, and the real limits. */
export class LimitsHost {
	readonly clock: HostClock;
	readonly link: StoreLink;
	readonly limits: LeasedLimits;
	/** False from the time at which no new request is sent to the process. */
	takesRequests = true;

	constructor(context: LimitsHostContext) {
		const { policy, name, room } = context;
		this.clock = new HostClock(context.time, context.clocks);
		this.link = new StoreLink({ ...context, clock: this.clock });
		const policies = { requests: policy, tokens: policy, money: policy, concurrency: policy };
		this.limits = new LeasedLimits({
			host: name,
			room: new RemoteLimits(room, this.link),
			connection: this.link,
			clock: this.clock,
			policies: () => policies,
			onPolicy: () => {},
			onFault: (bucket, fault) => {
				throw new Error(`${name} refuses the value of ${bucket}`, { cause: fault });
			},
		});
	}

	/** Ends the process as SIGTERM does: returns what it holds to the store. */
	async close(): Promise<void> {
		this.takesRequests = false;
		await this.limits.close();
		this.link.close();
		this.clock.stop();
	}

	/** Ends the process as SIGKILL does. */
	kill(): void {
		this.takesRequests = false;
		this.clock.stop();
	}
}

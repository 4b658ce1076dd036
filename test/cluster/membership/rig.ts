import { type ConfigState, type HostCard, NO_LOAD } from "../../../src/cluster/host-card.ts";
import type { Members } from "../../../src/cluster/members.ts";
import { Membership } from "../../../src/cluster/membership/membership.ts";
import type { Answer, Command } from "../../../src/cluster/membership/messages.ts";
import { MemoryStore } from "../../../src/cluster/memory/memory-store.ts";
import type { ConnectionState, StoreConnection } from "../../../src/cluster/store-connection.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { memoryLog } from "../../helpers/memory-log.ts";

export const ONE = "1".repeat(64);
export const TWO = "2".repeat(64);

/** A store in memory that a test makes unreachable, with the time that the test controls. */
export class TestStore {
	readonly clock = new FakeClock();
	readonly store = new MemoryStore({ now: () => 1_000_000 + this.clock.now() });
	readonly connection: StoreConnection;
	readonly #listeners = new Set<(state: ConnectionState) => void>();
	#state: ConnectionState = { reachable: true, sinceMs: 0 };

	constructor() {
		const store = this;
		this.connection = {
			get state() {
				return store.#state;
			},
			onChange(listener) {
				store.#listeners.add(listener);
				return () => store.#listeners.delete(listener);
			},
			onCall: () => () => {},
		};
	}

	set isReachable(reachable: boolean) {
		this.#state = { reachable, sinceMs: this.clock.now(), ...(reachable ? {} : { fault: "cut" }) };
		for (const listener of this.#listeners) listener(this.#state);
	}

	/** The room, which fails while the store is unreachable. */
	get members(): Members {
		const { members } = this.store;
		const checked = <A extends unknown[], R>(call: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
			return async (...args) => {
				if (!this.#state.reachable) throw new StoreError("unreachable", "cut");
				return call.apply(members, args);
			};
		};
		return {
			renew: checked(members.renew),
			leave: checked(members.leave),
			list: checked(members.list),
			hold: checked(members.hold),
			release: checked(members.release),
			send: checked(members.send),
			receive: checked(members.receive),
			onMessage: (instance, listener) => members.onMessage(instance, listener),
		};
	}
}

/** A host whose configuration a test changes. */
export class TestHost {
	readonly membership: Membership;
	readonly log = memoryLog();
	/** Commands that the host has carried out, without `ping`. */
	readonly commands: string[] = [];
	config: ConfigState = { digest: ONE, version: 1, sinceMs: 0 };
	/** Digest of the file. */
	file = ONE;
	state: HostCard["state"] = "serving";
	isReady = true;
	/** Answer to a command in place of that of the host. */
	fault: ((command: Command) => Answer | undefined) | undefined;

	constructor({ members, connection, clock }: TestStore, name: string) {
		this.membership = new Membership({
			members,
			connection,
			clock,
			wallClock: () => 1_000_000 + clock.now(),
			random: () => 0.5,
			logger: this.log.logger,
			name,
			source: { card: () => this.#card(), run: async (command) => this.#run(command) },
		});
	}

	#card(): HostCard {
		return { version: "0.1.0", startedAtMs: 1, state: this.state, isReady: this.isReady, config: this.config, load: NO_LOAD };
	}

	#run(command: Command): Answer {
		if (command.kind !== "ping") this.commands.push(command.kind);
		const fault = this.fault?.(command);
		if (fault !== undefined) return fault;
		if (command.kind === "reload") this.config = { ...this.config, digest: this.file, version: this.config.version + 1 };
		const digest = command.kind === "check" ? this.file : this.config.digest;
		return { ok: true, digest, isReady: this.isReady, needRestart: [] };
	}
}

import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
import { Throttle } from "../../time/throttle.ts";
import { encodeCard, type HostCard } from "../host-card.ts";
import type { Members, RenewResult } from "../members.ts";
import type { StoreConnection } from "../store-connection.ts";
import { StoreError } from "../store-error.ts";
import { ConfigDifference } from "./config-difference.ts";
import { type HostList, KnownHosts } from "./known-hosts.ts";
import { Mailbox } from "./mailbox.ts";
import type { Answer, Command } from "./messages.ts";
import { newInstance, otherName } from "./names.ts";

/** Time between two renewals, in milliseconds, up to a tenth more or less. Otherwise all hosts would renew in the same moment after an outage. */
const RENEW_MS = 2_000;

/** Time after which a silent host is gone, in milliseconds: four renewals may be lost. */
const TTL_MS = 10_000;

/** Time in which a live host of the same name answers, in milliseconds. */
const CONTEST_MS = 1_000;

/** Shortest time between two log lines of one kind, in milliseconds. */
const NOTICE_MS = 60_000;

/** The host that a membership speaks for. */
export interface MemberSource {
	card(): HostCard;
	/** Carries out a command of another host. Must not throw. */
	run(command: Command): Promise<Answer>;
}

export interface MembershipOptions {
	readonly members: Members;
	readonly connection: StoreConnection;
	readonly clock: Clock;
	/** Returns milliseconds since 1970. */
	readonly wallClock: () => number;
	readonly random: () => number;
	readonly logger: Logger;
	/** Name of the host in its configuration, or one that it made. */
	readonly name: string;
	/** The host until `start`. */
	readonly source: MemberSource;
}

/** The place of this host among the hosts: its name, its card, and what it knows of the others. */
export class Membership {
	/** Identifier of this start of the host. No other start of any host has it. */
	readonly instance = newInstance();
	readonly #options: MembershipOptions;
	readonly #mailbox: Mailbox;
	readonly #known: KnownHosts;
	readonly #difference: ConfigDifference;
	readonly #refusals: Throttle;
	readonly #failures: Throttle;
	readonly #unlisten: () => void;
	#source: MemberSource;
	#name: string;
	#hosts: number | undefined;
	#cancelTimer = (): void => {};
	#renewing: Promise<void> = Promise.resolve();
	#hasLeft = false;

	constructor(options: MembershipOptions) {
		const { members, connection, clock, wallClock, logger, name, source } = options;
		this.#options = options;
		this.#name = name;
		this.#source = source;
		this.#known = new KnownHosts(members, clock, wallClock);
		this.#difference = new ConfigDifference(clock, logger, () => this.hosts());
		this.#refusals = new Throttle(clock, NOTICE_MS);
		this.#failures = new Throttle(clock, NOTICE_MS);
		this.#mailbox = new Mailbox({
			members,
			instance: this.instance,
			clock,
			logger,
			handle: (command) => this.#source.run(command),
		});
		this.#unlisten = connection.onChange(({ reachable }) => {
			if (reachable) void this.renew();
		});
	}

	/** Name of this host. No other live host has it, as far as the store could be asked. */
	get name(): string {
		return this.#name;
	}

	/** True while the store can be reached. */
	get isReachable(): boolean {
		return this.#options.connection.state.reachable;
	}

	/** Number of live hosts at the last renewal. `undefined` while the store cannot be reached. */
	get size(): number | undefined {
		return this.isReachable ? this.#hosts : undefined;
	}

	/** Joins the other hosts, and renews the place until `leave`. A store that cannot be reached is no failure: the host joins later. */
	async join(): Promise<void> {
		await this.renew();
		this.#schedule();
	}

	/** Replaces the host that the membership speaks for. */
	start(source: MemberSource): void {
		this.#source = source;
		void this.renew();
	}

	/** Renews the place now, so that others see the present card. Never rejects. */
	renew(): Promise<void> {
		this.#renewing = this.#renewing.then(() => this.#renew());
		return this.#renewing;
	}

	/** Returns the hosts, of the last contact if the store cannot be reached. Never rejects. */
	async hosts(): Promise<HostList> {
		const list = await this.#known.list();
		if (list.isCurrent && list.refused.length > 0 && this.#refusals.pass() !== undefined)
			for (const { name, fault } of list.refused.slice(0, 3))
				this.#options.logger.warn({ other: name }, `host ${name} is left out: ${fault}`);
		return list;
	}

	/** As `hosts`, but never a list of before the call. */
	async presentHosts(): Promise<HostList> {
		this.#known.forget();
		return this.hosts();
	}

	/**
	 * Sends a command to a host, and returns its answer. A command to this host is carried out here.
	 *
	 * @throws StoreError if the command cannot be sent.
	 */
	ask(instance: string, command: Command, timeoutMs: number): Promise<Answer> {
		return instance === this.instance ? this.#source.run(command) : this.#mailbox.ask(instance, command, timeoutMs);
	}

	/** As `Members.hold`. */
	hold(ttlMs: number): Promise<boolean> {
		return this.#options.members.hold(this.instance, ttlMs);
	}

	/** As `Members.release`. Never rejects: the right expires. */
	async release(): Promise<void> {
		await this.#options.members.release(this.instance).catch(() => {});
	}

	/** Leaves the other hosts. Never rejects: without the store, the place expires. */
	async leave(): Promise<void> {
		this.#hasLeft = true;
		this.#cancelTimer();
		this.#unlisten();
		this.#mailbox.close();
		await this.#renewing;
		await this.#options.members.leave(this.#name, this.instance).catch(() => {});
	}

	#schedule(): void {
		if (this.#hasLeft) return;
		const { clock, random } = this.#options;
		this.#cancelTimer = clock.after(RENEW_MS * (0.9 + random() / 5), () => void this.renew().then(() => this.#schedule()));
	}

	async #renew(): Promise<void> {
		if (this.#hasLeft) return;
		try {
			let result = await this.#write(false);
			if (result.type === "held") result = await this.#contest(result.by);
			if (result.type === "held") return;
			this.#hosts = result.hosts;
			if (result.messages > 0) void this.#mailbox.receive();
			await this.#difference.observe(result.hosts - result.sameConfig, this.#source.card().config.digest);
		} catch (thrown) {
			this.#hosts = undefined;
			// The connection tells by itself that it is lost.
			if (!(thrown instanceof StoreError) || thrown.reason === "unreachable" || thrown.reason === "closed") return;
			if (this.#failures.pass() !== undefined)
				this.#options.logger.warn({ err: thrown }, `this host cannot join the other hosts: ${thrown.message}`);
		}
	}

	#write(takeOver: boolean): Promise<RenewResult> {
		const card = this.#source.card();
		const { digest } = card.config;
		const renewal = { name: this.#name, instance: this.instance, digest, card: encodeCard(card), ttlMs: TTL_MS, takeOver };
		return this.#options.members.renew(renewal);
	}

	/** Asks the instance that has the name. If it lives, this host takes another name. If it does not answer, it has ended, and this host takes its place. */
	async #contest(holder: string): Promise<RenewResult> {
		const { logger } = this.#options;
		const answer = await this.#mailbox.ask(holder, { kind: "ping" }, CONTEST_MS);
		if (this.#hasLeft) return { type: "held", by: holder };
		if (!answer.ok && answer.code === "no_answer") {
			logger.info({}, `the host ${this.#name} of before does not answer any more; this one takes its place`);
			return this.#write(true);
		}
		const { name: wanted } = this.#options;
		const name = otherName(wanted, this.instance);
		// No host has this name by itself: another program writes to these keys.
		if (name === this.#name)
			throw new StoreError("invalid_value", `${name}: another program takes the place of this host in the shared store`);
		logger.warn(
			{ wanted, name },
			`another live host has the name ${wanted}, so this host is ${name}; give each host a name of its own by \`host\` in [cluster]`,
		);
		this.#name = name;
		return this.#write(false);
	}
}

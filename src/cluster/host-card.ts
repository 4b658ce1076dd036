import { DIGEST_LENGTH, MAX_CARD_BYTES } from "./members.ts";
import { StoreError } from "./store-error.ts";

/** Form of the card. Hosts refuse cards of another form. */
const FORM = 1;

/** State of a host among the hosts. */
export type HostState = "starting" | "serving" | "reloading" | "draining";

const STATES: readonly HostState[] = ["starting", "serving", "reloading", "draining"];

/** The configuration that a host uses. */
export interface ConfigState {
	/** SHA-256 of the configuration in lower-case hexadecimal digits, without what differs between hosts by intention. */
	readonly digest: string;
	/** Number of configurations since the start of the host, from 1. */
	readonly version: number;
	/** Time since which the host uses it, in milliseconds since 1970. */
	readonly sinceMs: number;
}

/** A named amount, e.g. the places that a host has leased of a limit. */
export interface NamedAmount {
	readonly name: string;
	readonly amount: number;
}

/** A backend that cannot be used as usual. */
export interface ImpairedBackend {
	readonly name: string;
	/** State of its breaker for the operation that is worst. */
	readonly state: "open" | "half_open";
}

/** The work of a host. Rates are averages since the report before. */
export interface HostLoad {
	/** Requests, streams and sessions in flight or waiting. */
	readonly inFlight: number;
	/** Requests that wait for a backend. */
	readonly pending: number;
	/** Live instances of agents. */
	readonly running: number;
	/** Runs that wait for a place. */
	readonly waiting: number;
	readonly requestsPerS: number;
	readonly errorsPerS: number;
	/** Backends whose breaker is not closed. */
	readonly backends: readonly ImpairedBackend[];
	/** Leased places and amounts of shared limits. */
	readonly leases: readonly NamedAmount[];
	/** Numbers of hints by their kind. */
	readonly hints: readonly NamedAmount[];
	/** Runs of the queue in progress, by agent. */
	readonly queue: readonly NamedAmount[];
	/** True if the lists are longer than the card may be. */
	readonly isCut: boolean;
}

/** Self-description of a host for the other hosts. Holds no keys, no URLs and nothing of guests but the names of their limits. */
export interface HostCard {
	/** Version of the package. */
	readonly version: string;
	/** Start of the host, in milliseconds since 1970, by its own clock. */
	readonly startedAtMs: number;
	readonly state: HostState;
	/** True if at least one backend can be used. */
	readonly isReady: boolean;
	readonly config: ConfigState;
	readonly load: HostLoad;
}

/** The work of a host that has none. */
export const NO_LOAD: HostLoad = {
	inFlight: 0,
	pending: 0,
	running: 0,
	waiting: 0,
	requestsPerS: 0,
	errorsPerS: 0,
	backends: [],
	leases: [],
	hints: [],
	queue: [],
	isCut: false,
};

/** Longest list in a card. */
const MAX_ITEMS = 64;

/** Longest name in a card, in characters. */
const MAX_NAME = 128;

/** Characters that a terminal or a page would obey, and halves of characters. */
const CONTROLS = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const ALL_CONTROLS = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

/** Returns a card as text. Lists that are too long are cut, and then all of them until the card is small enough. */
export function encodeCard(card: HostCard): string {
	for (let items = MAX_ITEMS; ; items = Math.floor(items / 2)) {
		const text = JSON.stringify({ form: FORM, ...card, load: cutLoad(card.load, items) });
		if (Buffer.byteLength(text) <= MAX_CARD_BYTES || items === 0) return text;
	}
}

/**
 * Returns the card of a text from the store. Unknown members are ignored.
 *
 * @throws StoreError `invalid_value` for a text that no host of this form has written.
 */
export function readCard(text: string): HostCard {
	const { form, version, startedAtMs, state, isReady, config, load } = objectOf(parsed(text), "card");
	if (form !== FORM) throw refused("form", `${FORM}; the host has another version of this package`);
	const { digest, version: number, sinceMs } = objectOf(config, "config");
	if (typeof digest !== "string" || digest.length !== DIGEST_LENGTH || !/^[0-9a-f]+$/.test(digest))
		throw refused("config.digest", `${DIGEST_LENGTH} hexadecimal digits`);
	return {
		version: nameOf(version, "version"),
		startedAtMs: numberOf(startedAtMs, "startedAtMs"),
		state: choiceOf(state, STATES, "state"),
		isReady: isReady === true,
		config: { digest, version: numberOf(number, "config.version"), sinceMs: numberOf(sinceMs, "config.sinceMs") },
		load: loadOf(objectOf(load, "load")),
	};
}

function loadOf(load: Readonly<Record<string, unknown>>): HostLoad {
	const count = (name: keyof HostLoad): number => numberOf(load[name], `load.${name}`);
	const amounts = (name: "leases" | "hints" | "queue"): readonly NamedAmount[] =>
		listOf(load[name], `load.${name}`).map((item) => ({
			name: nameOf(item.name, `load.${name}.name`),
			amount: numberOf(item.amount, `load.${name}.amount`),
		}));
	return {
		inFlight: count("inFlight"),
		pending: count("pending"),
		running: count("running"),
		waiting: count("waiting"),
		requestsPerS: count("requestsPerS"),
		errorsPerS: count("errorsPerS"),
		backends: listOf(load.backends, "load.backends").map(({ name, state }) => ({
			name: nameOf(name, "load.backends.name"),
			state: choiceOf(state, ["open", "half_open"] as const, "load.backends.state"),
		})),
		leases: amounts("leases"),
		hints: amounts("hints"),
		queue: amounts("queue"),
		isCut: load.isCut === true,
	};
}

function cutLoad(load: HostLoad, items: number): HostLoad {
	const { backends, leases, hints, queue } = load;
	const isCut = load.isCut || [backends, leases, hints, queue].some((list) => list.length > items);
	return {
		...load,
		backends: backends.slice(0, items).map((backend) => ({ ...backend, name: cutName(backend.name) })),
		leases: cutAmounts(leases, items),
		hints: cutAmounts(hints, items),
		queue: cutAmounts(queue, items),
		isCut,
	};
}

function cutAmounts(amounts: readonly NamedAmount[], items: number): readonly NamedAmount[] {
	return amounts.slice(0, items).map(({ name, amount }) => ({ name: cutName(name), amount }));
}

/** Returns a name without control characters, as `readCard` demands, and not longer than it may be. */
function cutName(name: string): string {
	return name.toWellFormed().replaceAll(ALL_CONTROLS, "\ufffd").slice(0, MAX_NAME).toWellFormed();
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new StoreError("invalid_value", "the card of the host is not JSON", { cause });
	}
}

function objectOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
	if (isObject(value)) return value;
	throw refused(name, "an object");
}

function listOf(value: unknown, name: string): readonly Readonly<Record<string, unknown>>[] {
	if (Array.isArray(value) && value.length <= MAX_ITEMS && value.every(isObject)) return value;
	throw refused(name, `a list of at most ${MAX_ITEMS} objects`);
}

function nameOf(value: unknown, name: string): string {
	if (typeof value === "string" && value.length <= MAX_NAME && !CONTROLS.test(value)) return value;
	throw refused(name, `a text of at most ${MAX_NAME} characters without control characters`);
}

function numberOf(value: unknown, name: string): number {
	if (typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value;
	throw refused(name, "a number that is not negative");
}

function choiceOf<T extends string>(value: unknown, choices: readonly T[], name: string): T {
	const choice = choices.find((each) => each === value);
	if (choice !== undefined) return choice;
	throw refused(name, `one of ${choices.join(", ")}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(name: string, expected: string): StoreError {
	return new StoreError("invalid_value", `the card of the host has something else than ${expected} in ${name}`);
}

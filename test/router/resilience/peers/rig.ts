/** One router, and hints of other hosts that a test applies. */
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { type GuestIdentity, guestIdentity } from "../../../../src/identity/guest-identity.ts";
import type { Instance } from "../../../../src/router/instances/instance.ts";
import type { BackendHint, PeerSignal } from "../../../../src/router/resilience/peers/peer-hints.ts";
import type { Peers } from "../../../../src/router/resilience/peers/peers.ts";
import type { Router } from "../../../../src/router/router.ts";
import { chatEnvelope, chatResponse } from "../../../helpers/chat.ts";
import { FakeClock } from "../../../helpers/fake-clock.ts";
import { type FakeInstanceOptions, fakeInstance } from "../../../helpers/instances.ts";
import { routerOf, type TestRouterOptions } from "../../../helpers/router.ts";
import { watched } from "../../calls.ts";

export const refused = (): SpearError => new SpearError("backend_error", "refused", { attribution: "connection", retryable: true });
export const broken = (): SpearError => new SpearError("backend_error", "HTTP 500", { attribution: "backend", retryable: true });

export const ANNA = guestIdentity("anna");
export const BEN = guestIdentity("ben");

/** Returns the digest of a guest, as all hosts of these tests make it. */
export const digestOf = (guest: string): string => `#${guest}`;

/** Time within which every host tries a backend that is suspected, in milliseconds. */
export const SPREAD_MS = 1_000;

/** A report of an open breaker. */
export const open = (host: string, given: Partial<BackendHint> = {}): BackendHint => ({
	host,
	kind: "breaker_open",
	instance: "a",
	operation: "chat_completions",
	failures: 5,
	guests: "none",
	leftMs: 5_000,
	...given,
});

export interface Rig {
	readonly clock: FakeClock;
	readonly router: Router;
	readonly peers: Peers;
	readonly a: Instance;
	/** Signals that the router has sent, without digests of guests. */
	readonly signals: PeerSignal[];
	/** Hosts whose hints were refuted. */
	readonly refuted: string[];
	/** Requests that each instance has received. */
	readonly asked: Record<string, number>;
	/** Failure of the requests to `a`. */
	failure: (() => SpearError) | undefined;
	/** Sends chats one after another. Returns the names of the instances that served them, and the code of each error. */
	chats(count: number, guest?: GuestIdentity, session?: string): Promise<string[]>;
}

/** Returns a router of the instances `a` and `b`, unless there are others. */
export function rig(names: readonly string[] = ["a", "b"], options: TestRouterOptions = {}, instance: FakeInstanceOptions = {}): Rig {
	const clock = new FakeClock();
	const asked: Record<string, number> = {};
	const instances = names.map((name) =>
		fakeInstance(name, {
			unary: async () => {
				asked[name] = (asked[name] ?? 0) + 1;
				const failure = name === "a" ? made.failure?.() : undefined;
				if (failure !== undefined) throw failure;
				return chatResponse(name);
			},
			...instance,
		}),
	);
	const router = routerOf(instances, { clock, ...options });
	const signals: PeerSignal[] = [];
	const refuted: string[] = [];
	const peers = router.joinPeers({
		host: () => "me",
		digestOf,
		onSignal: (signal) => signals.push(signal),
		onRefuted: (host) => refuted.push(host),
	});
	const [a] = instances;
	if (a === undefined) throw new Error("no instance");
	const made: Rig = {
		clock,
		router,
		peers,
		a,
		signals,
		refuted,
		asked,
		failure: undefined,
		async chats(count, guest, session) {
			const served: string[] = [];
			const routing = { allowlist: [], denylist: [], preferred: [], ...(session === undefined ? {} : { session_key: session }) };
			for (let i = 0; i < count; i++)
				served.push(
					await router.unary(chatEnvelope({ routing }), watched(guest === undefined ? {} : { guest })).then(
						({ backend }) => backend.instance,
						(error: unknown) => SpearError.from(error).code,
					),
				);
			return served;
		},
	};
	return made;
}

/** Returns the state of the breaker of an instance. */
export const breakerOf = ({ a, clock }: Rig): string => a.stats.health("chat_completions").breaker.state(clock.now());

/** Returns the reason against `a` in the explanation of a request, or `eligible`. */
export function reasonAgainst({ router }: Rig, name = "a"): string {
	const { rejected } = router.explain(chatEnvelope());
	return rejected.find(({ backend }) => backend === name)?.detail ?? "eligible";
}

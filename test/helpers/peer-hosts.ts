/** Several hosts over one store: routers with equal instances, joined by hints. */

import { ContentSeal } from "../../src/cluster/content-seal.ts";
import type { SharedHints } from "../../src/cluster/hints.ts";
import type { SharedStore } from "../../src/cluster/shared-store.ts";
import { HostSignals } from "../../src/cluster/signals/host-signals.ts";
import { SignalNames } from "../../src/cluster/signals/signal-names.ts";
import type { SpearError } from "../../src/errors/spear-error.ts";
import type { GuestIdentity } from "../../src/identity/guest-identity.ts";
import type { Instance } from "../../src/router/instances/instance.ts";
import type { Router } from "../../src/router/router.ts";
import type { Clock } from "../../src/time/clock.ts";
import { seededRandom } from "../../src/time/random.ts";
import { watched } from "../router/calls.ts";
import { chatEnvelope, chatResponse } from "./chat.ts";
import { type FakeInstanceOptions, fakeInstance } from "./instances.ts";
import { routerOf, type TestRouterOptions } from "./router.ts";

/** Backends that tests make fail, by name. */
export class Upstreams {
	readonly #failures = new Map<string, (host: string) => SpearError | undefined>();
	/** Failed requests, as `host backend`. */
	readonly failed: string[] = [];
	/** Requests, as `host backend`. */
	readonly asked: string[] = [];

	/** Makes the requests to a backend fail with what `failure` returns for the host. `undefined` for a success. */
	fail(backend: string, failure: ((host: string) => SpearError | undefined) | undefined): void {
		if (failure === undefined) this.#failures.delete(backend);
		else this.#failures.set(backend, failure);
	}

	/** Answers one request, after `ms` of the clock. */
	async answer(host: string, backend: string, clock: Clock, ms: number) {
		this.asked.push(`${host} ${backend}`);
		await new Promise<void>((resolve) => clock.after(ms, resolve));
		const failure = this.#failures.get(backend)?.(host);
		if (failure === undefined) return chatResponse(backend);
		this.failed.push(`${host} ${backend}`);
		throw failure;
	}
}

export interface PeerHostOptions {
	readonly store: Pick<SharedStore, "hints" | "connection">;
	readonly clock: Clock;
	readonly upstreams: Upstreams;
	readonly backends?: readonly string[];
	/** Time of an answer, in milliseconds. The default is 1. */
	readonly answerMs?: number;
	readonly instance?: FakeInstanceOptions;
	readonly router?: TestRouterOptions;
	/** Secret that hosts share. The default is none. */
	readonly secret?: string;
}

/** A host: its router and its signals. */
export class PeerHost implements Disposable {
	readonly name: string;
	readonly router: Router;
	readonly clock: Clock;
	readonly instances: readonly Instance[];
	readonly signals: HostSignals;

	constructor(name: string, options: PeerHostOptions) {
		const { store, clock, upstreams, backends = ["dead", "good"], answerMs = 1 } = options;
		const random = seededRandom(name.charCodeAt(name.length - 1));
		this.name = name;
		this.clock = clock;
		this.instances = backends.map((backend) =>
			fakeInstance(backend, { random, unary: () => upstreams.answer(name, backend, clock, answerMs), ...options.instance }),
		);
		this.router = routerOf(this.instances, { clock, random, ...options.router });
		const names = new SignalNames("test", new ContentSeal(options.secret === undefined ? "none" : "sealed", options.secret));
		this.signals = new HostSignals({ host: () => name, store, router: this.router, names, clock });
	}

	/** Sends one chat. Resolves with the name of the backend that served it; `undefined` for a failure. */
	async chat(guest?: GuestIdentity, session?: string): Promise<string | undefined> {
		const routing = { allowlist: [], denylist: [], preferred: [], ...(session === undefined ? {} : { session_key: session }) };
		const context = watched(guest === undefined ? {} : { guest });
		return this.router.unary(chatEnvelope({ routing }), context).then(
			({ backend }) => backend.instance,
			() => undefined,
		);
	}

	[Symbol.dispose](): void {
		this.signals.close();
	}
}

/** Returns a room whose messages take `ms` of the clock, as over a network. */
export function delayed(hints: SharedHints, clock: Clock, ms: number): SharedHints {
	return {
		publish: (host, list) => new Promise((resolve, reject) => clock.after(ms / 2, () => hints.publish(host, list).then(resolve, reject))),
		present: () => hints.present(),
		subscribe: (listener) => hints.subscribe((hint) => void clock.after(ms / 2, () => listener(hint))),
	};
}

import type { Operation } from "../../generated/ir/operations.ts";
import type { Backend, BackendKind } from "../../src/backends/backend.ts";
import { stub } from "../../src/backends/kinds/stub/index.ts";
import { createPipeline } from "../../src/hostcall/pipeline.ts";
import type { GuestScope } from "../../src/hostcall/scope.ts";
import { UNACCOUNTED } from "../../src/memory/memory-kinds.ts";
import { buildInstance, type InstanceSettings } from "../../src/router/instances/build-instance.ts";
import { KeyPool } from "../../src/router/instances/keys/key-pool.ts";
import type { RoutePolicy } from "../../src/router/settings.ts";
import { LIMITS, NO_GUEST_MEDIA } from "./guest-scope.ts";
import { newSignals } from "./instances.ts";
import { type MemoryObject, memoryMedia } from "./memory-media.ts";
import { TEST_SEAL } from "./part-seal.ts";
import { routerOf } from "./router.ts";

export interface StubScope extends GuestScope {
	/** Every normalized request, as JSON text. */
	readonly requests: string[];
}

export interface StubScopeOptions {
	readonly media?: Readonly<Record<string, MemoryObject>>;
	/** Instances by name. The default is one of the kind `stub`. */
	readonly instances?: Readonly<Record<string, StubInstance>>;
	readonly routes?: ReadonlyMap<Operation, RoutePolicy>;
}

export interface StubInstance extends Partial<InstanceSettings> {
	/** True if the key of the instance is present. The default is an instance that needs no key. */
	readonly hasKey?: boolean;
	/** The backend. The default is a stub. */
	readonly backend?: Backend;
}

/** Creates a guest's scope with the real pipeline, router and stub backends. Ids and the clock never change. */
export function stubScope({ media = {}, instances = { stub: {} }, routes = new Map() }: StubScopeOptions = {}): StubScope {
	const requests: string[] = [];
	const store = memoryMedia(media);
	const router = routerOf(
		Object.entries(instances).map(([name, { hasKey, backend = create(stub, name), ...settings }]) =>
			buildInstance(backend, { ...settingsOf(name, hasKey), ...settings }),
		),
		{ routes },
	);
	return {
		requests,
		signal: new AbortController().signal,
		limits: LIMITS,
		media: NO_GUEST_MEDIA,
		memory: UNACCOUNTED,
		writeLog: () => {},
		emit: () => undefined,
		logBudget: { admit: () => true },
		pipeline: createPipeline({
			router,
			guest: { id: "guest" },
			normalize: {
				newRequestId: () => "request",
				wallClock: () => 1_700_000_000_000,
				maxTimeoutMs: () => 60_000,
				seal: TEST_SEAL,
			},
			openMedia: () => store,
			onEvent: (event) => {
				if (event.type === "request") requests.push(JSON.stringify(event.request));
			},
		}),
	};
}

function create(kind: BackendKind, name: string): ReturnType<BackendKind["create"]> {
	return kind.create({ name, kind: kind.name, models: [], options: {} });
}

function settingsOf(name: string, hasKey: boolean | undefined): InstanceSettings {
	const sources = hasKey === undefined ? [] : [{ read: () => (hasKey ? "key" : undefined) }];
	return {
		name,
		kind: "stub",
		models: [],
		operations: undefined,
		features: undefined,
		transports: undefined,
		weight: 1,
		priority: 0,
		region: undefined,
		limits: {},
		operationLimits: new Map(),
		price: undefined,
		keys: new KeyPool({ sources, policy: "round_robin", random: () => 0 }),
		stats: newSignals(),
	};
}

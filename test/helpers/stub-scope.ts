import type { Operation } from "../../generated/ir/operations.ts";
import type { BackendKind } from "../../src/backends/backend.ts";
import { stub } from "../../src/backends/stub/index.ts";
import { createPipeline } from "../../src/hostcall/pipeline.ts";
import type { GuestScope } from "../../src/hostcall/scope.ts";
import { buildInstance, type InstanceSettings } from "../../src/router/build-instances.ts";
import type { RoutePolicy } from "../../src/router/filter.ts";
import { roundRobin } from "../../src/router/policy.ts";
import { Router } from "../../src/router/router.ts";
import { LIMITS, NO_GUEST_MEDIA } from "./guest-scope.ts";
import { type MemoryPiece, memoryMedia } from "./memory-media.ts";

export interface StubScope extends GuestScope {
	/** Every request that left normalize, as JSON text. */
	readonly requests: string[];
}

export interface StubScopeOptions {
	readonly media?: Readonly<Record<string, MemoryPiece>>;
	/** Instances by name; one of the kind `stub` when absent. */
	readonly instances?: Readonly<Record<string, Partial<InstanceSettings>>>;
	readonly routes?: ReadonlyMap<Operation, RoutePolicy>;
}

/** A guest's scope over the real pipeline, router and stub backends, whose ids and clock never change. */
export function stubScope({ media = {}, instances = { stub: {} }, routes = new Map() }: StubScopeOptions = {}): StubScope {
	const requests: string[] = [];
	const store = memoryMedia(media);
	const router = new Router({
		instances: Object.entries(instances).map(([name, settings]) => buildInstance(create(stub, name), { ...settingsOf(name), ...settings })),
		policy: roundRobin(),
		routes,
		now: () => 0,
	});
	return {
		requests,
		signal: new AbortController().signal,
		limits: LIMITS,
		media: NO_GUEST_MEDIA,
		writeLog: () => {},
		pipeline: createPipeline({
			router,
			normalize: { newRequestId: () => "request", wallClock: () => 1_700_000_000_000, maxTimeoutMs: () => 60_000 },
			media: { forRequest: () => ({ ...store, end() {} }) },
			onEvent: (event) => {
				if (event.type === "request") requests.push(JSON.stringify(event.request));
			},
		}),
	};
}

function create(kind: BackendKind, name: string): ReturnType<BackendKind["create"]> {
	return kind.create({ name, kind: kind.name, models: [], options: {} }, { apiKey: () => undefined });
}

function settingsOf(name: string): InstanceSettings {
	return { name, kind: "stub", models: [], operations: undefined, features: undefined, transports: undefined, hasKey: () => true };
}

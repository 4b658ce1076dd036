import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { DeprecatedImport } from "../abi/component/deprecated-import.ts";
import { loadGuestModule } from "../abi/load-module.ts";
import { runSettingsOf } from "../config/guest-run-settings.ts";
import type { Isolation, Settings } from "../config/settings.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import type { PlacedGuest } from "./guest-services.ts";
import type { LoadOptions } from "./host.ts";
import { sharedGuest } from "./shared-guest.ts";
import { workerGuest } from "./worker/worker-guest.ts";
import type { WorkerPool } from "./worker/worker-pool.ts";

export interface LoadContext {
	readonly settings: Pick<Settings, "maxMemoryBytes" | "maxInstanceBytes" | "cacheDir" | "isolation" | "guestRuns">;
	readonly identity: GuestIdentity;
	readonly pool: WorkerPool;
	readonly signal: AbortSignal;
	readonly onUnusableCache: (directory: string, cause: unknown) => void;
	/** Called with the deprecated functions and interfaces that the guest imports. */
	readonly onDeprecated: (guest: string, imports: readonly DeprecatedImport[]) => void;
}

/**
 * Loads a guest, for the place where the configuration, or the caller, wants its instances.
 *
 * @throws As `Host.load`.
 */
export async function loadGuest(
	source: string | URL | Uint8Array,
	{ isolation, engine: wanted }: Pick<LoadOptions, "isolation" | "engine">,
	{ settings, identity, pool, signal, onUnusableCache, onDeprecated }: LoadContext,
): Promise<PlacedGuest> {
	if (isolation !== undefined && isolation !== "shared" && isolation !== "worker")
		throw new SpearError("invalid_request", 'isolation: it must be "shared" or "worker"');
	const { maxMemoryBytes, maxInstanceBytes, cacheDir } = settings;
	const { engine, metering, spareInstances } = runSettingsOf(settings.guestRuns, identity.name);
	const options = { engine: wanted ?? engine, metering, maxMemoryBytes, ...(cacheDir === undefined ? {} : { cacheDirectory: cacheDir }) };
	// A guest for workers is loaded here too, so that what is wrong with it is known now.
	const module = await loadGuestModule(source, { ...options, signal, onUnusableCache });
	onDeprecated(module.name, module.deprecated);
	if ((isolation ?? isolationOf(settings, identity)) === "shared") return sharedGuest(module, spareInstances);
	pool.warm();
	const guest = module.data ?? { source: sendable(source), ...(cacheDir === undefined ? {} : { cacheDirectory: cacheDir }) };
	return workerGuest(pool, module, { guest, maxMemoryBytes, maxInstanceBytes }, identity.id);
}

/** Returns the place of a guest: that of its own entry, or of the entry for all guests without one. */
function isolationOf({ isolation }: Pick<Settings, "isolation">, { name }: GuestIdentity): Isolation {
	return (name === undefined ? undefined : isolation.get(name)) ?? isolation.get("*") ?? "shared";
}

function sendable(source: string | URL | Uint8Array): string | Uint8Array {
	if (typeof source === "string") return resolve(source);
	return source instanceof URL ? fileURLToPath(source) : source;
}

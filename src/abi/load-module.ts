import { throwIfAborted } from "../async/throw-if-aborted.ts";
import { SpearError } from "../errors/spear-error.ts";
import { isCoreModule } from "./binary/preamble.ts";
import { loadFoundComponentModule } from "./component/component-module.ts";
import { sha256 } from "./component/files/file-record.ts";
import type { LoadOptions } from "./component/load.ts";
import { type ComponentSource, findComponent, locating } from "./component/source.ts";
import { loadCoreGuest } from "./core/load.ts";
import type { GuestModule } from "./guest-module.ts";

/**
 * Loads a guest of any ABI: a component, a prepared agent, or a core module. The first bytes tell which it is. Runs no code of the guest.
 *
 * @throws SpearError `invalid_request`: not found, not valid, importing what the host does not offer, or without an entry.
 */
export async function loadGuestModule(source: ComponentSource, options: Omit<LoadOptions, "asyncImports">): Promise<GuestModule> {
	throwIfAborted(options.signal, "loading a guest");
	const found = await findComponent(source);
	throwIfAborted(options.signal, "loading a guest");
	if (!("bytes" in found) || !isCoreModule(found.bytes)) return loadFoundComponentModule(found, source, options);
	const { bytes } = found;
	const name = source instanceof Uint8Array ? `core module ${sha256(bytes).slice(0, 12)}` : found.name;
	if (options.engine === "jco")
		throw new SpearError("invalid_request", `${name} is a core module, which the engine jco does not run; leave the engine out`);
	return locating(source, () => loadCoreGuest(bytes, name, options));
}

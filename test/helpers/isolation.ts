import process from "node:process";
import { createHost as createRealHost, type Host, type HostOptions, type LoadOptions } from "../../src/index.ts";

/** Place where the guests of end-to-end tests run: that of `SPEAR_TEST_ISOLATION`. The default is the thread of the host. */
export const ISOLATION: NonNullable<LoadOptions["isolation"]> = process.env.SPEAR_TEST_ISOLATION === "worker" ? "worker" : "shared";

/** Engine that runs the guests of end-to-end tests: that of `SPEAR_TEST_ENGINE`. Absent: that of the host's configuration. */
export const ENGINE: LoadOptions["engine"] = process.env.SPEAR_TEST_ENGINE === "jco" ? "jco" : undefined;

/** Creates a host whose guests run in the place, and by the engine, that this run of the tests is for. */
export async function createHost(options?: HostOptions): Promise<Host> {
	const host = await createRealHost(options);
	const load = host.load.bind(host);
	host.load = (source, more) =>
		load(sourceFor(source), { isolation: ISOLATION, ...(ENGINE === undefined ? {} : { engine: ENGINE }), ...more });
	return host;
}

/** Returns the component beside a prepared agent, for the engine that needs a component. */
function sourceFor(source: string | URL | Uint8Array): string | URL | Uint8Array {
	return ENGINE === "jco" && typeof source === "string" ? source.replace(/\.spear$/, ".wasm") : source;
}

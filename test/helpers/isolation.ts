import process from "node:process";
import { createHost as createRealHost, type Host, type HostOptions, type LoadOptions } from "../../src/index.ts";

/** Place where the guests of end-to-end tests run: that of `SPEAR_TEST_ISOLATION`. The default is the thread of the host. */
export const ISOLATION: NonNullable<LoadOptions["isolation"]> = process.env.SPEAR_TEST_ISOLATION === "worker" ? "worker" : "shared";

/** Creates a host whose guests run in the place that this run of the tests is for. */
export async function createHost(options?: HostOptions): Promise<Host> {
	const host = await createRealHost(options);
	const load = host.load.bind(host);
	host.load = (source, more) => load(source, { isolation: ISOLATION, ...more });
	return host;
}

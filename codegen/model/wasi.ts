/** The interfaces of WASI, by the names of their generated files. */
import type { Interface, Model } from "./model.ts";

/** `io-streams` → `wasi:io/streams`, for all interfaces of all packages, a package after those it uses. */
export function wasiInterfaces(model: Model): ReadonlyMap<string, Interface> {
	const interfaces = model.packages.filter((each) => each !== model.main).flatMap((each) => each.interfaces);
	return new Map(interfaces.map((iface) => [`${iface.package.name}-${iface.name}`, iface]));
}

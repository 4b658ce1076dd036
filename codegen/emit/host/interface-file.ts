/** `generated/host/<iface>.ts`: what a host implements for one interface, and its binding. */
import type { Model } from "../../model/model.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { bindFunction } from "./binding.ts";
import { callSites } from "./call-sites.ts";
import { hostInterfaces } from "./host-types.ts";
import type { BoundInterface } from "./plan.ts";
import { HostScope } from "./scope.ts";
import { unavailableHost } from "./unavailable.ts";

/** @param lent resources whose handles other interfaces give */
export function interfaceFile(bound: BoundInterface, lent: ReadonlySet<unknown>, model: Model): string {
	const imports = new Imports();
	const scope = new HostScope(bound, model, imports);
	const sections = [hostInterfaces(bound, scope), bindFunction(bound, lent, scope), unavailableHost(bound, scope), callSites(bound)];
	return `${header([witSource(bound.entry.interface)])}\n${imports.toString()}\n${sections.join("\n")}`;
}

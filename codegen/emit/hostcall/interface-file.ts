/** `generated/hostcall/<interface>.ts`: what a host implements for one interface, its stand-in, and its call sites. */

import type { HostInterface } from "../../model/host-interface.ts";
import type { Model } from "../../model/model.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { callSites } from "./call-sites.ts";
import { hostTypes } from "./host-types.ts";
import { HostcallScope } from "./scope.ts";
import { unavailableHost, unavailableName } from "./unavailable.ts";

export function interfaceFile(iface: HostInterface, model: Model): string {
	const imports = new Imports([...declaredNames(iface), "refuse", "sites"]);
	const scope = new HostcallScope(iface, model, imports);
	const sections = [hostTypes(iface, scope), unavailableHost(iface, scope), callSites(iface)];
	return [header([witSource(iface.entry.interface)]), imports.toString(), ...sections].filter((part) => part !== "").join("\n");
}

function declaredNames({ typeName, resources }: HostInterface): string[] {
	return [typeName, unavailableName(typeName), ...resources.flatMap((each) => [each.typeName, each.functionsType])];
}

/** `generated/abi/component/<interface>.ts`: the binding of one interface. */

import type { HostInterface } from "../../model/host-interface.ts";
import type { Model, ResourceDef } from "../../model/model.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { bindFunction, bindName } from "./binding.ts";
import { ComponentScope } from "./scope.ts";

/** @param foreign resources whose handles other interfaces give */
export function bindingFile(iface: HostInterface, foreign: ReadonlySet<ResourceDef>, model: Model): string {
	const imports = new Imports([bindName(iface), "context", "handles", "host"]);
	const binding = bindFunction(iface, foreign, new ComponentScope(iface, model, imports));
	return `${header([witSource(iface.entry.interface)])}\n${imports.toString()}\n${binding}`;
}

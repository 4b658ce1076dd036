/**
 * Entry `spear-hostcall/component`: runs any component by bindings that the generator has made of its WIT. Loads neither the host nor its backends.
 */
import "./runtime/require-node.ts";

export {
	bitsOfF32,
	bitsOfF64,
	type CallContext,
	type CoreFunction,
	codePointOf,
	type ExportLifting,
	f32OfBits,
	f64OfBits,
	GuestState,
	type HostcallLimits,
	type HostSlot,
	hostResource,
	type InterfaceLifting,
	type InterfaceLowering,
	indexOfCase,
	ResourceType,
	type Result,
	unknownCase,
} from "../generated/abi/component/lowering/runtime.ts";
export type { Bindings, ExportedInterface, Instance, InstantiateOptions, LoadOptions } from "./abi/component/bindings/bindings.ts";
export { BoundComponent } from "./abi/component/bindings/bound-component.ts";
export { ComponentError } from "./abi/component/bindings/component-error.ts";
export type { ComponentSource } from "./abi/component/source.ts";
export { GuestError } from "./errors/guest-error.ts";
export { SpearError } from "./errors/spear-error.ts";

import type { OperationMap } from "../../../generated/ir/operations.ts";
import type { BackendKind, InstanceConfig } from "../backend.ts";
import type { FixtureOperation, RefusalCase } from "./fixture.ts";

/** Description of a backend kind without an HTTP upstream, such as a model within the process. */
export interface LocalFixture {
	readonly kind: BackendKind;
	/** First part of the name of each case. The default is the name of the kind. */
	readonly name?: string;
	/** Returns the configuration of an instance. */
	readonly config: () => InstanceConfig;
	/** The fixture leaves out operations of the kind, because another fixture of the kind has them. The default is false. */
	readonly partial?: boolean;
	readonly operations: { readonly [O in FixtureOperation]?: LocalOperation<O> };
}

/** Description of one operation of such a kind. */
export interface LocalOperation<O extends FixtureOperation> {
	/** Payloads by name. The first serves the checks of closing and concurrency. */
	readonly payloads: Readonly<Record<string, OperationMap[O]["payload"]>>;
	/** Results by the name of the payload, for payloads whose result is known. */
	readonly results?: Readonly<Record<string, OperationMap[O]["result"]>>;
	/** Payloads that the kind refuses, by name. */
	readonly refusals?: Readonly<Record<string, RefusalCase<O>>>;
	/** Equal requests have equal results, so that a stream and a whole answer are compared. The default is false. */
	readonly repeatable?: boolean;
	/** A call that takes long enough to be aborted in flight: its payload, and the options that slow it down. Absent: not checked. */
	readonly slow?: { readonly payload: OperationMap[O]["payload"]; readonly options?: InstanceConfig["options"] };
}

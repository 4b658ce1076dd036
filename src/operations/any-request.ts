import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation } from "../../generated/ir/operations.ts";

/** A request of any operation. A test of `operation` narrows the payload. */
export type AnyRequestEnvelope = { [O in Operation]: RequestEnvelope<O> }[Operation];

import type { Transform, EventStream as TransformEventStream } from "../../generated/hostcall/transform.ts";
import type { JsonValue } from "../../generated/ir/json.ts";
import { OPERATIONS, type Operation, type OperationMap } from "../../generated/ir/operations.ts";
import type * as transform from "../../generated/ir/transform.ts";
import type { CallOptions } from "../../generated/ir/types.ts";
import { WIRE, type WirePayloads } from "../../generated/ir/wire/operations.ts";
import type { Validator } from "../../generated/schema/validate/validator.d.ts";
import { wirePayloads } from "../../generated/schema/validate-wire/operations.js";
import { describeFaultsByPointer, firstFaults } from "../errors/describe-faults.ts";
import { guestName } from "../errors/guest-name.ts";
import { SpearError } from "../errors/spear-error.ts";
import { isOperation } from "../operations/is-operation.ts";
import { guestStream } from "./guest-stream.ts";
import type { Call, GuestScope } from "./scope.ts";

/**
 * The generic entrance: an operation by name, with payload and answer as JSON. Validates the JSON and makes the same call as the typed
 * family does.
 */
export function createTransform(scope: GuestScope): Transform {
	return {
		async call(operation, payload, options) {
			return unary(scope, operationOf(operation, "unary"), payload, options);
		},
		async callStream(operation, payload, options) {
			return stream(scope, operationOf(operation, "server_stream"), payload, options);
		},
	};
}

/** Transports that this interface has a function for. */
type Shape = "unary" | "server_stream";

const CALLS: Readonly<Record<Shape, string>> = { unary: "call", server_stream: "call-stream" };

/**
 * Returns the operation of that name.
 *
 * @throws SpearError `invalid_request` for an unknown operation, or for one without that transport.
 */
function operationOf(name: string, shape: Shape): Operation {
	if (!isOperation(name)) {
		throw new SpearError(
			"invalid_request",
			`operation: '${guestName(name)}' is not known; there are ${Object.keys(OPERATIONS).join(", ")}`,
		);
	}
	const { family, transports } = OPERATIONS[name];
	if (transports.includes(shape)) return name;
	const other = (["unary", "server_stream"] as const).find((each) => transports.includes(each));
	const instead =
		other === undefined
			? `it is a session with input of its own, which JSON calls cannot carry; use the interface '${family}'`
			: `use '${CALLS[other]}'`;
	throw new SpearError("invalid_request", `operation: ${name} has no '${CALLS[shape]}': ${instead}`, { operation: name });
}

async function unary<O extends Operation>(
	scope: GuestScope,
	operation: O,
	json: JsonValue,
	options: CallOptions | undefined,
): Promise<JsonValue> {
	return named(operation, async () => {
		const { result } = await scope.pipeline.unary(callOf(operation, json, options), scope.signal);
		return WIRE[operation].resultToWire(result.payload);
	});
}

async function stream<O extends Operation>(
	scope: GuestScope,
	operation: O,
	json: JsonValue,
	options: CallOptions | undefined,
): Promise<TransformEventStream> {
	const open = await named(operation, () => scope.pipeline.stream(callOf(operation, json, options)));
	return guestStream<transform.Event>(scope, {
		open: (signal) => wireEvents(operation, open(signal)),
		failed: (error) => ({ type: "failed", failed: error.with({ operation }).toRecord() }),
	});
}

/** Yields the operation's events as JSON. The last event carries the result alone, like the answer of a call. */
async function* wireEvents<O extends Operation>(
	operation: O,
	source: AsyncIterable<OperationMap[O]["event"]>,
): AsyncGenerator<transform.Event, void, void> {
	for await (const event of source) {
		const item = WIRE[operation].eventToWire(event);
		const { type, completed } = item;
		yield type === "completed" && completed !== undefined ? { type: "completed", completed } : { type: "item", item };
	}
}

/** Returns the call that the typed family makes of the same payload. */
function callOf<O extends Operation>(operation: O, json: JsonValue, options: CallOptions | undefined): Call<O> {
	return { operation, payload: WIRE[operation].payloadFromWire(checked(operation, json)), options };
}

/** Bounds the faults that one message names. */
const MAX_FAULTS = 10;

function checked<O extends Operation>(operation: O, json: unknown): WirePayloads[O] {
	const validators: { readonly [K in Operation]: Validator<WirePayloads[K]> } = wirePayloads;
	const validator = validators[operation];
	if (validator(json)) return json;
	const faults = describeFaultsByPointer(validator.errors ?? [], "payload");
	throw new SpearError("invalid_request", firstFaults(faults, MAX_FAULTS).join("; "));
}

/** Adds the operation to a failure, as a typed family does. */
async function named<T>(operation: Operation, run: () => Promise<T>): Promise<T> {
	try {
		return await run();
	} catch (thrown) {
		throw SpearError.from(thrown).with({ operation });
	}
}

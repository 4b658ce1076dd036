/** A package of core hostcalls that follows every rule, to be spoilt in one place by a test. */
import * as assert from "uvu/assert";
import { checkCore } from "../../../codegen/lint/core/check-core.ts";
import type { CoreAbi } from "../../../codegen/model/core/core-abi.ts";
import { readWitText } from "../../../codegen/wit/read.ts";

/** One interface with every way in which a function passes its values. */
export const SOUND_CORE = `package test:lamps@0.1.0;
/// Shared.
@since(version = 0.1.0)
interface types {
    /// A lamp.
    @since(version = 0.1.0)
    type fd = s32;
    /// Place of an answer.
    ///
    /// @out-buffer
    @since(version = 0.1.0)
    type out-buffer = u32;
    /// Any JSON.
    ///
    /// @json any
    @since(version = 0.1.0)
    type json-value = string;
    /// An object.
    ///
    /// @json object
    @since(version = 0.1.0)
    type json-object = string;
    /// Failure.
    @since(version = 0.1.0)
    enum errno {
        /// Broken.
        ///
        /// @number 5
        eio,
        /// No room.
        ///
        /// @number 12
        enomem,
        /// Outside.
        ///
        /// @number 14
        efault,
        /// Wrong.
        ///
        /// @number 22
        einval,
        /// Too small.
        ///
        /// @number 28
        enospc,
    }
}
/// Lamps.
///
/// @core-module house
/// @argument-first
@since(version = 0.1.0)
interface lamps {
    use types.{errno, fd, json-object, json-value, out-buffer};
    /// Colours.
    @since(version = 0.1.0)
    enum colour {
        /// Red.
        ///
        /// @number 1
        red,
        /// Blue.
        ///
        /// @number 2
        blue,
    }
    /// Parts.
    @since(version = 0.1.0)
    flags parts {
        /// Shade.
        ///
        /// @number 1
        shade,
        /// Bulb.
        ///
        /// @number 4
        bulb,
    }
    /// An event.
    ///
    /// @packed
    @since(version = 0.1.0)
    record event {
        /// When.
        at: u64,
        /// What.
        colour: colour,
        /// How much.
        level: u16,
        /// How.
        kind: s16,
    }
    /// A plan.
    @since(version = 0.1.0)
    record plan {
        /// Its name.
        name: string,
        /// Steps.
        steps: option<list<step>>,
        /// Brightness.
        level: option<f64>,
        /// Anything.
        more: option<json-value>,
    }
    /// A step.
    @since(version = 0.1.0)
    record step {
        /// Seconds.
        seconds: u8,
        /// Reason.
        ///
        /// @nullable
        reason: option<string>,
    }
    /// Turns a lamp on.
    ///
    /// @core-import lamp_on
    @since(version = 0.1.0)
    turn-on: func(lamp: fd, colour: colour, parts: parts, level: u32, serial: u64) -> result<_, errno>;
    /// Names a lamp.
    ///
    /// @core-import lamp_name
    /// @max-bytes 10
    @since(version = 0.1.0)
    name: func(lamp: fd, name: string) -> result<u32, errno>;
    /// Sends bytes.
    ///
    /// @core-import lamp_send
    @since(version = 0.1.0)
    send: func(lamp: fd, data: list<u8>) -> result<_, errno>;
    /// Takes bytes.
    ///
    /// @core-import lamp_take
    /// @takes
    @since(version = 0.1.0)
    take: func(lamp: fd, data: out-buffer) -> result<list<u8>, errno>;
    /// Takes an event.
    ///
    /// @core-import lamp_event
    /// @takes
    @since(version = 0.1.0)
    next-event: func(lamp: fd, event: out-buffer) -> result<event, errno>;
    /// Waits for events.
    ///
    /// @core-import lamp_wait
    /// @blocking
    @since(version = 0.1.0)
    wait-events: func(lamp: fd, events: out-buffer, timeout-ms: s32) -> result<list<event>, errno>;
    /// Dims.
    ///
    /// @core-import lamp_dim
    /// @blocking
    @since(version = 0.1.0)
    dim: func(ms: s32);
    /// Counts.
    ///
    /// @core-import lamp_count
    @since(version = 0.1.0)
    count: func(factor: f64) -> s64;
    /// Describes a lamp.
    ///
    /// @core-import lamp_describe
    @since(version = 0.1.0)
    describe: func(lamp: fd, text: out-buffer) -> result<json-object, errno>;
    /// Sets a plan.
    ///
    /// @core-import lamp_ctl
    /// @command 1
    /// @invalid eio
    @since(version = 0.1.0)
    set-plan: func(lamp: fd, plan: plan) -> result<_, errno>;
    /// Returns the plan.
    ///
    /// @core-import lamp_ctl
    /// @command 2
    @since(version = 0.1.0)
    get-plan: func(lamp: fd) -> result<plan, errno>;
    /// Blinks.
    ///
    /// @core-import lamp_ctl
    /// @command 3
    @since(version = 0.1.0)
    blink: func(lamp: fd) -> result<u32, errno>;
    /// Sends anything.
    ///
    /// @core-import lamp_ctl
    /// @command 7
    @since(version = 0.1.0)
    post: func(lamp: fd, value: json-value) -> result<_, errno>;
}
`;

/** The sound package with the one place where `from` stands replaced. */
export function spoiltCore(from: string, to: string): string {
	assert.is(SOUND_CORE.split(from).length, 2, `'${from}' must stand in the text exactly once`);
	return SOUND_CORE.replace(from, () => to);
}

/** `code: message` of each finding, and the text each points at. */
export function coreFindings(text: string): [finding: string, at: string][] {
	const { model, diagnostics } = readWitText(text, { path: "test.wit" });
	assert.equal(diagnostics, [], "the text must be valid WIT");
	if (model === undefined) throw new Error("the text has no model");
	return checkCore(model).diagnostics.map((each) => [`${each.code}: ${each.message}`, text.slice(each.span.offset, each.span.endOffset)]);
}

/** The ABI of a package. A finding fails the test. */
export function coreAbi(text: string = SOUND_CORE): CoreAbi {
	assert.equal(coreFindings(text), []);
	const { model } = readWitText(text, { path: "test.wit" });
	const abi = model === undefined ? undefined : checkCore(model).abi;
	if (abi === undefined) throw new Error("the package has no errors");
	return abi;
}

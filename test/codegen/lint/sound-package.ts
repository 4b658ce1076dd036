/** A package that follows every rule, to be spoilt in one place by a test. */
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../../codegen/diagnostics/diagnostic.ts";
import { checkAbi } from "../../../codegen/lint/check-abi.ts";
import { readWitText } from "../../../codegen/wit/read.ts";

export const SOUND_TYPES = `/// Vocabulary.
@since(version = 0.1.0)
interface types {
    /// JSON text.
    ///
    /// @json any
    @since(version = 0.1.0)
    type json = string;
    /// Kinds of failure.
    @since(version = 0.1.0)
    enum error-code {
        /// The call is wrong.
        invalid-request,
        /// Not built in.
        backend-not-enabled,
        /// Given up.
        cancelled,
        /// The host is at fault.
        internal,
    }
    /// The router's account.
    @since(version = 0.1.0)
    record explanation {
        /// The policy.
        policy: string,
    }
    /// A failure.
    @since(version = 0.1.0)
    record error {
        /// Its kind.
        code: error-code,
        /// In words.
        message: string,
        /// Whether to try again.
        retryable: bool,
        /// When.
        retry-after-ms: option<u32>,
        /// Of what.
        operation: option<string>,
        /// Why.
        explanation: option<explanation>,
    }
}
/// Readiness.
@since(version = 0.1.0)
interface poll {
    /// Something that becomes ready.
    ///
    /// @readiness
    @since(version = 0.1.0)
    resource pollable {
        /// Waits.
        ///
        /// @blocking
        @since(version = 0.1.0)
        block: func();
    }
    /// Waits for one of them.
    ///
    /// @blocking
    @since(version = 0.1.0)
    poll: func(pollables: list<borrow<pollable>>) -> list<u32>;
}
`;

export const SOUND_FAMILY = `/// Ranks texts by how well they answer a question.
///
/// @operation rerank
@since(version = 0.1.0)
interface rank {
    use types.{error, json};
    use poll.{pollable};
    /// How to rank.
    @since(version = 0.1.0)
    enum mode {
        /// Quickly.
        fast,
        /// Well.
        thorough,
    }
    /// One request.
    ///
    /// @payload
    @since(version = 0.1.0)
    record request {
        /// The question.
        query: string,
        /// The texts.
        ///
        /// @min-items 1
        texts: list<string>,
        /// How many to return.
        ///
        /// @range 1..100
        /// @default 10
        top: option<u32>,
        /// How to rank.
        ///
        /// @feature supports_modes
        /// @default fast
        mode: option<mode>,
        /// The language.
        ///
        /// @pattern ^[a-z]{2}$
        language: option<string>,
    }
    /// One answer.
    ///
    /// @result
    @since(version = 0.1.0)
    record response {
        /// Indices, best first.
        order: list<u32>,
    }
    /// What a stream delivers.
    @since(version = 0.1.0)
    variant event {
        /// One more index.
        index(u32),
        /// The end.
        completed(response),
        /// The end, in failure.
        failed(error),
    }
    /// Ranks as they are found.
    ///
    /// @stream event
    @since(version = 0.1.0)
    resource event-stream {
        /// Waits for the next.
        ///
        /// @blocking
        @since(version = 0.1.0)
        next: func() -> result<event, error>;
        /// The next if there.
        @since(version = 0.1.0)
        try-next: func() -> result<option<event>, error>;
        /// Ready when there is one.
        @since(version = 0.1.0)
        subscribe: func() -> pollable;
    }
    /// Ranks.
    ///
    /// @blocking
    @since(version = 0.1.0)
    rerank: func(request: request) -> result<response, error>;
    /// Ranks bit by bit.
    ///
    /// @blocking
    @since(version = 0.1.0)
    rerank-stream: func(request: request) -> result<event-stream, error>;
}
`;

export const SOUND = `package spear:test@0.1.0;\n${SOUND_TYPES}${SOUND_FAMILY}`;

/** The sound package with the one place where `from` stands replaced. */
export function spoilt(from: string, to: string, text: string = SOUND): string {
	assert.is(text.split(from).length, 2, `'${from}' must stand in the text exactly once`);
	return text.replace(from, () => to);
}

/** Everything the linter and the ABI builder find, in reading order. */
export function findings(text: string): Diagnostic[] {
	const { model, diagnostics } = readWitText(text, { path: "test.wit" });
	assert.equal(diagnostics, [], "the text must be valid WIT");
	assert.ok(model);
	if (model === undefined) return [];
	return [...checkAbi(model).diagnostics];
}

/** `code: message` of each, and the text each points at. */
export function brief(text: string): [finding: string, at: string][] {
	return findings(text).map((each) => [`${each.code}: ${each.message}`, text.slice(each.span.offset, each.span.endOffset)]);
}

import { parse } from "@bytecodealliance/jco";

/**
 * A program with the interface of flite and no voice. Reads the file `/text`, and writes `/sound`: a WAV header, then each byte of the text as
 * 128 samples. The file begins with a wrong length, which a seek mends, as flite does.
 *
 * A text that begins with `<` traps, with `>` ends with code 3, with `=` computes for some hundred milliseconds.
 */
const SOURCE = `
(module
	(import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
	(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
	(memory (export "memory") 2)
	(data (i32.const 0) "text")
	(data (i32.const 8) "sound")
	;; Vectors: the text at 1024, one sample of it at 512 to 768, the header at 256, a length of four bytes at 896.
	(data (i32.const 16) "\\00\\04\\00\\00\\00\\20\\00\\00")
	(data (i32.const 24) "\\00\\02\\00\\00\\00\\01\\00\\00")
	(data (i32.const 32) "\\00\\01\\00\\00\\2c\\00\\00\\00")
	(data (i32.const 40) "\\80\\03\\00\\00\\04\\00\\00\\00")
	(data (i32.const 256) "RIFF\\ff\\ff\\ff\\ffWAVEfmt \\10\\00\\00\\00\\01\\00\\01\\00\\80\\3e\\00\\00\\00\\7d\\00\\00\\02\\00\\10\\00data\\ff\\ff\\ff\\ff")
	(func $must (param i32)
		(if (local.get 0) (then (call $exit (local.get 0)))))
	(func (export "_start") (local $length i32) (local $at i32) (local $spin i32)
		(call $must (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 0) (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 48)))
		(call $must (call $read (i32.load (i32.const 48)) (i32.const 16) (i32.const 1) (i32.const 56)))
		(local.set $length (i32.load (i32.const 56)))
		(if (i32.eq (i32.load8_u (i32.const 1024)) (i32.const 0x3c)) (then unreachable))
		(if (i32.eq (i32.load8_u (i32.const 1024)) (i32.const 0x3e)) (then (call $exit (i32.const 3))))
		(if (i32.eq (i32.load8_u (i32.const 1024)) (i32.const 0x3d)) (then
			(loop $more
				(i32.store (i32.const 60) (i32.add (i32.load (i32.const 60)) (local.get $spin)))
				(local.set $spin (i32.add (local.get $spin) (i32.const 1)))
				(br_if $more (i32.lt_u (local.get $spin) (i32.const 300000000))))))
		(call $must (call $open (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 5) (i32.const 0) (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 52)))
		(call $must (call $write (i32.load (i32.const 52)) (i32.const 32) (i32.const 1) (i32.const 56)))
		(block $done (loop $next
			(br_if $done (i32.ge_u (local.get $at) (local.get $length)))
			(memory.fill (i32.const 512) (i32.load8_u (i32.add (i32.const 1024) (local.get $at))) (i32.const 256))
			(call $must (call $write (i32.load (i32.const 52)) (i32.const 24) (i32.const 1) (i32.const 56)))
			(local.set $at (i32.add (local.get $at) (i32.const 1)))
			(br $next)))
		(call $must (call $seek (i32.load (i32.const 52)) (i64.const 40) (i32.const 0) (i32.const 64)))
		(i32.store (i32.const 896) (i32.mul (local.get $length) (i32.const 256)))
		(call $must (call $write (i32.load (i32.const 52)) (i32.const 40) (i32.const 1) (i32.const 56)))
		(call $exit (i32.const 0))))
`;

/** Bytes of speech for each character, of the stand-in. */
export const BYTES_PER_CHARACTER = 256;

/** Returns the program as a module in WebAssembly. */
export async function standInSynthesizer(): Promise<Uint8Array> {
	return parse(SOURCE);
}

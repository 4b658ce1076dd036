(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func (param i32 i32 i32) (result i32)))
  (type (;3;) (func (param i32 i32) (result i32)))
  (type (;4;) (func (param i32) (result i32)))
  (type (;5;) (func))
  (type (;6;) (func (param i32 i64)))
  (type (;7;) (func (param i32 i32)))
  (import "spear" "user_stream_open" (func (;0;) (type 3)))
  (import "spear" "spear_epoll_create" (func (;1;) (type 0)))
  (import "spear" "mic_create" (func (;2;) (type 0)))
  (import "spear" "cchat_create" (func (;3;) (type 0)))
  (import "spear" "rtasr_create" (func (;4;) (type 0)))
  (import "spear" "user_stream_ctl_open" (func (;5;) (type 0)))
  (import "spear" "mic_close" (func (;6;) (type 4)))
  (import "spear" "spear_epoll_ctl" (func (;7;) (type 1)))
  (import "spear" "spear_epoll_wait" (func (;8;) (type 1)))
  (import "spear" "user_stream_write" (func (;9;) (type 2)))
  (import "spear" "log" (func (;10;) (type 2)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 2)
  (global (;0;) (mut i32) i32.const 67264)
  (export "memory" (memory 0))
  (export "_start" (func 11))
  (export "__indirect_function_table" (table 0))
  (func (;11;) (type 5)
    (local i32 i32 i32 i32 i32 i64)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 0
    global.set 0
    i32.const 100000
    local.set 1
    i32.const 1
    i32.const 2
    call 0
    local.set 2
    call 1
    local.set 3
    loop ;; label = @1
      block ;; label = @2
        local.get 1
        i32.eqz
        br_if 0 (;@2;)
        call 2
        local.tee 4
        i32.const 0
        i32.lt_s
        br_if 0 (;@2;)
        local.get 1
        i32.const 1
        i32.sub
        local.set 1
        local.get 5
        i64.const 1
        i64.add
        local.set 5
        br 1 (;@1;)
      end
    end
    i32.const 1154
    local.get 5
    call 12
    i32.const 1135
    local.get 4
    i64.extend_i32_s
    call 12
    i32.const 1047
    call 3
    i64.extend_i32_s
    call 12
    i32.const 1024
    call 4
    i64.extend_i32_s
    call 12
    i32.const 1108
    call 1
    i64.extend_i32_s
    call 12
    i32.const 1075
    i32.const 2
    i32.const 1
    call 0
    i64.extend_i32_s
    call 12
    i32.const 1091
    call 5
    i64.extend_i32_s
    call 12
    i32.const 1129
    local.get 2
    i32.const 2
    i32.add
    call 6
    i64.extend_i32_s
    call 12
    i32.const 1064
    call 2
    i32.const 0
    i32.gt_s
    i64.extend_i32_u
    call 12
    local.get 3
    i32.const 1
    local.get 2
    i32.const 16
    call 7
    drop
    local.get 0
    i32.const 8
    i32.store offset=4
    i32.const 1144
    local.get 3
    local.get 0
    i32.const 8
    i32.add
    local.get 0
    i32.const 4
    i32.add
    i32.const 10000
    call 8
    i64.extend_i32_s
    call 12
    i32.const 1123
    local.get 2
    i32.const 1168
    i32.const 32
    call 9
    i64.extend_i32_s
    call 12
    local.get 0
    i32.const 16
    i32.add
    global.set 0
  )
  (func (;12;) (type 6) (param i32 i64)
    (local i32 i32 i64 i64)
    loop ;; label = @1
      local.get 0
      local.get 2
      i32.add
      local.get 2
      i32.const 1
      i32.add
      local.set 2
      i32.load8_u
      br_if 0 (;@1;)
    end
    local.get 0
    local.get 2
    i32.const 1
    i32.sub
    call 13
    i32.const 1161
    i32.const 1
    call 13
    i32.const 0
    local.set 0
    global.get 0
    i32.const 32
    i32.sub
    local.tee 2
    global.set 0
    local.get 1
    local.tee 4
    i64.const 63
    i64.shr_s
    local.tee 1
    local.get 4
    i64.add
    local.get 1
    i64.xor
    local.set 1
    loop ;; label = @1
      local.get 0
      local.get 2
      i32.add
      local.get 1
      local.get 1
      i64.const 10
      i64.div_u
      local.tee 5
      i64.const 10
      i64.mul
      i64.sub
      i32.wrap_i64
      i32.const 48
      i32.or
      i32.store8
      local.get 0
      i32.const 1
      i32.add
      local.set 0
      local.get 1
      i64.const 9
      i64.gt_u
      local.get 5
      local.set 1
      br_if 0 (;@1;)
    end
    local.get 4
    i64.const 0
    i64.lt_s
    if ;; label = @1
      i32.const 1163
      i32.const 1
      call 13
    end
    local.get 2
    i32.const 1
    i32.sub
    local.set 3
    loop ;; label = @1
      local.get 0
      i32.const 0
      i32.gt_s
      if ;; label = @2
        local.get 0
        local.get 3
        i32.add
        i32.const 1
        call 13
        local.get 0
        i32.const 1
        i32.sub
        local.set 0
        br 1 (;@1;)
      end
    end
    local.get 2
    i32.const 32
    i32.add
    global.set 0
    i32.const 2
    i32.const 1216
    i32.const 1200
    i32.load
    call 10
    drop
    i32.const 1200
    i32.const 0
    i32.store
  )
  (func (;13;) (type 7) (param i32 i32)
    (local i32 i32 i32)
    i32.const 1200
    i32.load
    local.set 4
    loop ;; label = @1
      block ;; label = @2
        local.get 1
        local.get 2
        i32.gt_s
        if ;; label = @3
          local.get 2
          local.get 4
          i32.add
          local.tee 3
          i32.const 512
          i32.lt_s
          br_if 1 (;@2;)
        end
        return
      end
      local.get 3
      i32.const 1216
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 1200
      local.get 3
      i32.const 1
      i32.add
      i32.store
      local.get 2
      i32.const 1
      i32.add
      local.set 2
      br 0 (;@1;)
    end
    unreachable
  )
  (data (;0;) (i32.const 1024) "one_more_transcription\00one_more_session\00room_again\00one_more_stream\00one_more_control\00one_more_epoll\00write\00close\00one_more\00user_gone\00opened\00=\00-")
  (data (;1;) (i32.const 1168) "SPST\01\00 \00\02\00\00\00\01")
)

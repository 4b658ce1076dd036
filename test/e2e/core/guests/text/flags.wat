(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32) (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func))
  (type (;4;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;5;) (func (param i32 i32 i32) (result i32)))
  (type (;6;) (func (param i32 i32 i32)))
  (type (;7;) (func (param i32 i64)))
  (type (;8;) (func (param i32)))
  (type (;9;) (func (param i32 i32)))
  (import "spear" "mic_create" (func (;0;) (type 0)))
  (import "spear" "spear_fd_ctl" (func (;1;) (type 4)))
  (import "spear" "spear_epoll_create" (func (;2;) (type 0)))
  (import "spear" "cchat_create" (func (;3;) (type 0)))
  (import "spear" "user_stream_open" (func (;4;) (type 1)))
  (import "spear" "user_stream_ctl_open" (func (;5;) (type 0)))
  (import "spear" "mic_close" (func (;6;) (type 2)))
  (import "spear" "log" (func (;7;) (type 5)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 2)
  (global (;0;) (mut i32) i32.const 68304)
  (export "memory" (memory 0))
  (export "_start" (func 8))
  (export "__indirect_function_table" (table 0))
  (func (;8;) (type 3)
    (local i32 i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 1
    global.set 0
    i32.const 1099
    call 0
    local.tee 0
    i32.const 2
    call 9
    i32.const 1088
    local.get 0
    i32.const 1024
    call 10
    i64.extend_i32_s
    call 11
    i32.const 1099
    local.get 0
    i32.const 2
    call 9
    i32.const 1113
    local.get 0
    i32.const 1057
    call 10
    i64.extend_i32_s
    call 11
    i32.const 1099
    local.get 0
    i32.const 2
    call 9
    i32.const 1119
    local.get 0
    i32.const 1099
    call 10
    i64.extend_i32_s
    call 11
    i32.const 1163
    local.get 0
    i32.const 3
    call 9
    i32.const 1092
    local.get 0
    i32.const 4
    call 9
    i32.const 1105
    local.get 0
    i32.const 5
    call 9
    i32.const 1168
    local.get 0
    i32.const 6
    call 9
    i32.const 1184
    i32.const 3
    i32.const 3
    call 9
    local.get 1
    i32.const 4
    i32.store offset=12
    i32.const 1082
    local.get 0
    i32.const 3
    i32.const 1216
    local.get 1
    i32.const 12
    i32.add
    call 1
    i64.extend_i32_s
    call 11
    i32.const 1195
    local.get 1
    i64.load32_u offset=12
    call 11
    i32.const 1151
    call 2
    i32.const 3
    call 9
    i32.const 1128
    call 3
    i32.const 3
    call 9
    i32.const 1136
    i32.const 3
    i32.const 1
    call 4
    i32.const 3
    call 9
    i32.const 1143
    call 5
    i32.const 5
    call 9
    i32.const 1157
    local.get 0
    call 6
    i64.extend_i32_s
    call 11
    i32.const 1092
    local.get 0
    i32.const 4
    call 9
    local.get 1
    i32.const 16
    i32.add
    global.set 0
  )
  (func (;9;) (type 6) (param i32 i32 i32)
    (local i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 3
    global.set 0
    local.get 3
    i32.const 1024
    i32.store offset=12
    block ;; label = @1
      local.get 1
      local.get 2
      i32.const 1216
      local.get 3
      i32.const 12
      i32.add
      call 1
      local.tee 1
      i32.const 0
      i32.lt_s
      if ;; label = @2
        local.get 0
        local.get 1
        i64.extend_i32_s
        call 11
        br 1 (;@1;)
      end
      local.get 0
      call 12
      i32.const 1200
      i32.const 1
      call 13
      i32.const 1216
      local.get 1
      call 13
      call 14
    end
    local.get 3
    i32.const 16
    i32.add
    global.set 0
  )
  (func (;10;) (type 1) (param i32 i32) (result i32)
    (local i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 2
    global.set 0
    local.get 2
    local.get 1
    call 15
    i32.store offset=12
    local.get 0
    i32.const 1
    local.get 1
    local.get 2
    i32.const 12
    i32.add
    call 1
    local.get 2
    i32.const 16
    i32.add
    global.set 0
  )
  (func (;11;) (type 7) (param i32 i64)
    (local i32 i32 i64 i64)
    local.get 0
    call 12
    i32.const 1200
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
      i32.const 1202
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
    call 14
  )
  (func (;12;) (type 8) (param i32)
    local.get 0
    local.get 0
    call 15
    call 13
  )
  (func (;13;) (type 9) (param i32 i32)
    (local i32 i32 i32)
    i32.const 2240
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
      i32.const 2256
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 2240
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
  (func (;14;) (type 3)
    i32.const 2
    i32.const 2256
    i32.const 2240
    i32.load
    call 7
    drop
    i32.const 2240
    i32.const 0
    i32.store
  )
  (func (;15;) (type 2) (param i32) (result i32)
    (local i32 i32)
    loop ;; label = @1
      local.get 0
      local.get 1
      i32.add
      local.get 1
      i32.const 1
      i32.add
      local.set 1
      i32.load8_u
      br_if 0 (;@1;)
    end
    local.get 1
    i32.const 1
    i32.sub
  )
  (data (;0;) (i32.const 1024) "{\22set\22:[\22O_NONBLOCK\22,\22O_OTHER\22]}\00{\22clear\22:[\22O_NONBLOCK\22]}\00short\00set\00status\00flags\00metrics\00clear\00not_json\00session\00stream\00control\00epoll\00close\00kind\00unknown_command\00unknown_fd\00need\00=\00-")
)

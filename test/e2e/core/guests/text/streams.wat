(module
  (type (;0;) (func (param i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i32 i32)))
  (type (;4;) (func (param i32 i32) (result i32)))
  (type (;5;) (func (result i32)))
  (type (;6;) (func (param i32) (result i32)))
  (type (;7;) (func (param i32 i64)))
  (type (;8;) (func (param i32)))
  (import "spear" "user_stream_open" (func (;0;) (type 4)))
  (import "spear" "user_stream_read" (func (;1;) (type 0)))
  (import "spear" "user_stream_write" (func (;2;) (type 0)))
  (import "spear" "spear_epoll_create" (func (;3;) (type 5)))
  (import "spear" "spear_epoll_ctl" (func (;4;) (type 1)))
  (import "spear" "spear_epoll_wait" (func (;5;) (type 1)))
  (import "spear" "spear_fd_ctl" (func (;6;) (type 1)))
  (import "spear" "user_stream_close" (func (;7;) (type 6)))
  (import "spear" "log" (func (;8;) (type 0)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 6)
  (global (;0;) (mut i32) i32.const 330560)
  (export "memory" (memory 0))
  (export "_start" (func 9))
  (export "__indirect_function_table" (table 0))
  (func (;9;) (type 2)
    (local i32 i32 i32 i32 i32 i64)
    global.get 0
    i32.const 48
    i32.sub
    local.tee 1
    global.set 0
    i32.const 1162
    i32.const -1
    i32.const 1
    call 0
    i64.extend_i32_s
    call 10
    i32.const 1084
    i32.const 1
    i32.const 4
    call 0
    i64.extend_i32_s
    call 10
    i32.const 1
    i32.const 1
    call 0
    local.set 0
    i32.const 2
    i32.const 2
    call 0
    local.set 2
    local.get 1
    i32.const 262209
    i32.store offset=44
    i32.const 1149
    local.get 0
    i32.const 1248
    local.get 1
    i32.const 44
    i32.add
    local.tee 3
    call 1
    i64.extend_i32_s
    call 10
    i32.const 1053
    local.get 2
    i32.const 1248
    local.get 3
    call 1
    i64.extend_i32_s
    call 10
    i32.const 1
    i32.const 0
    call 11
    i32.const 1068
    local.get 0
    i32.const 1248
    i32.const 32
    call 2
    i64.extend_i32_s
    call 10
    i32.const 2
    i32.const 0
    call 11
    i32.const 1024
    local.get 2
    i32.const 1248
    i32.const 32
    call 2
    i64.extend_i32_s
    call 10
    i32.const 1248
    i32.const 88
    i32.store8
    i32.const 1177
    local.get 2
    i32.const 1248
    i32.const 32
    call 2
    i64.extend_i32_s
    call 10
    i32.const 9
    i32.const 0
    call 11
    i32.const 1094
    local.get 2
    i32.const 1248
    i32.const 32
    call 2
    i64.extend_i32_s
    call 10
    i32.const 2
    i32.const 262145
    call 11
    call 3
    local.tee 4
    i32.const 1
    local.get 0
    i32.const 17
    call 4
    drop
    local.get 1
    i32.const 16
    i32.store offset=12
    i32.const 1040
    local.get 4
    local.get 1
    i32.const 16
    i32.add
    local.get 1
    i32.const 12
    i32.add
    i32.const 5000
    call 5
    i64.extend_i32_s
    call 10
    i32.const 1208
    local.get 0
    local.get 1
    i32.load offset=16
    i32.eq
    i64.extend_i32_u
    call 10
    local.get 1
    i32.const 262209
    i32.store offset=44
    i32.const 1233
    local.get 0
    i32.const 1248
    local.get 3
    call 1
    i64.extend_i32_s
    call 10
    local.get 1
    i32.const 1024
    i32.store offset=44
    local.get 0
    i32.const 5
    i32.const 263472
    local.get 3
    call 6
    local.set 0
    i32.const 1045
    call 12
    i32.const 1238
    i32.const 1
    call 13
    i32.const 263472
    local.get 0
    call 13
    call 14
    i32.const 2
    i32.const 262177
    call 11
    i32.const 1192
    local.get 2
    i32.const 1248
    i32.const 262209
    call 2
    i64.extend_i32_s
    call 10
    i32.const 2
    i32.const 199968
    call 11
    i32.const 1000
    local.set 0
    loop ;; label = @1
      block ;; label = @2
        local.get 0
        i32.eqz
        if ;; label = @3
          i32.const 0
          local.set 3
          br 1 (;@2;)
        end
        local.get 2
        i32.const 1248
        i32.const 200000
        call 2
        local.tee 3
        br_if 0 (;@2;)
        local.get 0
        i32.const 1
        i32.sub
        local.set 0
        local.get 5
        i64.const 1
        i64.add
        local.set 5
        br 1 (;@1;)
      end
    end
    i32.const 1129
    local.get 5
    call 10
    i32.const 1113
    local.get 3
    i64.extend_i32_s
    call 10
    i32.const 1171
    local.get 2
    call 7
    i64.extend_i32_s
    call 10
    i32.const 1217
    local.get 2
    i32.const 1248
    i32.const 200000
    call 2
    i64.extend_i32_s
    call 10
    local.get 1
    i32.const 48
    i32.add
    global.set 0
  )
  (func (;10;) (type 7) (param i32 i64)
    (local i32 i32 i64 i64)
    local.get 0
    call 12
    i32.const 1238
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
      i32.const 1240
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
  (func (;11;) (type 3) (param i32 i32)
    (local i32)
    i32.const -32
    local.set 2
    loop ;; label = @1
      local.get 2
      if ;; label = @2
        local.get 2
        i32.const 1280
        i32.add
        i32.const 0
        i32.store8
        local.get 2
        i32.const 1
        i32.add
        local.set 2
        br 1 (;@1;)
      else
        i32.const 1276
        local.get 1
        i32.store
        i32.const 1260
        local.get 0
        i32.store
        i32.const 1256
        i32.const 2
        i32.store8
        i32.const 1254
        i32.const 32
        i32.store8
        i32.const 1252
        i32.const 1
        i32.store8
        i32.const 1248
        i32.const 1414746195
        i32.store
      end
    end
  )
  (func (;12;) (type 8) (param i32)
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
    local.get 0
    local.get 1
    i32.const 1
    i32.sub
    call 13
  )
  (func (;13;) (type 3) (param i32 i32)
    (local i32 i32 i32)
    i32.const 264496
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
      i32.const 264512
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 264496
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
  (func (;14;) (type 2)
    i32.const 2
    i32.const 264512
    i32.const 264496
    i32.load
    call 8
    drop
    i32.const 264496
    i32.const 0
    i32.store
  )
  (data (;0;) (i32.const 1024) "write_too_early\00wait\00metrics\00read_of_writer\00write_of_reader\00direction\00write_other_stream\00write_when_full\00written_before_full\00read_nothing\00negative\00close\00write_no_frame\00write_too_large\00ready_fd\00write_of_closed\00read\00=\00-")
)

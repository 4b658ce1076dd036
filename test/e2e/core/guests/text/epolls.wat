(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func (param i32 i32 i32) (result i32)))
  (type (;4;) (func (result i64)))
  (type (;5;) (func))
  (type (;6;) (func (param i32 i64)))
  (type (;7;) (func (param i32 i32)))
  (import "spear" "spear_epoll_create" (func (;0;) (type 0)))
  (import "spear" "rtasr_create" (func (;1;) (type 0)))
  (import "spear" "spear_epoll_ctl" (func (;2;) (type 1)))
  (import "spear" "time_now_ms" (func (;3;) (type 4)))
  (import "spear" "rtasr_close" (func (;4;) (type 2)))
  (import "spear" "spear_epoll_close" (func (;5;) (type 2)))
  (import "spear" "spear_epoll_wait" (func (;6;) (type 1)))
  (import "spear" "log" (func (;7;) (type 3)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 2)
  (global (;0;) (mut i32) i32.const 67504)
  (export "memory" (memory 0))
  (export "_start" (func 8))
  (export "__indirect_function_table" (table 0))
  (func (;8;) (type 5)
    (local i32 i32 i32 i64)
    call 0
    local.set 0
    call 0
    local.set 2
    call 1
    local.set 1
    i32.const 1210
    local.get 0
    i32.const 1
    local.get 0
    i32.const 1
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1157
    local.get 0
    i32.const 1
    local.get 2
    i32.const 1
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1271
    local.get 0
    i32.const 1
    i32.const 5
    i32.const 1
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1171
    i32.const 5
    i32.const 1
    local.get 1
    i32.const 1
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1185
    local.get 1
    i32.const 1
    local.get 0
    i32.const 1
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1115
    local.get 0
    i32.const 9
    local.get 1
    i32.const 1
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1327
    local.get 0
    i32.const 3
    local.get 1
    i32.const 0
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1263
    local.get 0
    i32.const 1
    local.get 1
    i32.const 16404
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1094
    local.get 2
    i32.const 1
    local.get 1
    i32.const 1
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1235
    local.get 0
    i32.const 64
    i32.const 0
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1059
    i32.const 1380
    i64.load32_s
    call 9
    i32.const 1066
    local.get 2
    i32.const 64
    i32.const 0
    call 10
    i64.extend_i32_s
    call 9
    call 3
    local.set 3
    i32.const 1042
    local.get 2
    i32.const 64
    i32.const 20
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1282
    call 3
    local.get 3
    i64.sub
    i64.const 14
    i64.gt_s
    i64.extend_i32_u
    call 9
    i32.const 1149
    local.get 0
    i32.const 7
    i32.const 0
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1102
    i32.const 5
    i32.const 64
    i32.const 0
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1133
    local.get 1
    i32.const 64
    i32.const 0
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1035
    local.get 2
    i32.const 2
    local.get 1
    i32.const 16
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1229
    local.get 1
    call 4
    i64.extend_i32_s
    call 9
    i32.const 1255
    local.get 0
    i32.const 64
    i32.const 1000
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1244
    i32.const 1380
    i64.load32_s
    call 9
    i32.const 1086
    local.get 2
    i32.const 64
    i32.const 1000
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1075
    i32.const 1380
    i64.load32_s
    call 9
    i32.const 1344
    local.get 2
    i32.const 1
    local.get 1
    i32.const 9
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1301
    local.get 2
    i32.const 64
    i32.const 0
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1222
    local.get 0
    i32.const 3
    local.get 1
    i32.const 0
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1024
    local.get 0
    i32.const 64
    i32.const 10
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1198
    local.get 0
    call 5
    i64.extend_i32_s
    call 9
    i32.const 1289
    local.get 0
    i32.const 64
    i32.const 0
    call 10
    i64.extend_i32_s
    call 9
  )
  (func (;9;) (type 6) (param i32 i64)
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
    call 11
    i32.const 1364
    i32.const 1
    call 11
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
      i32.const 1366
      i32.const 1
      call 11
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
        call 11
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
    i32.const 1456
    i32.const 1440
    i32.load
    call 7
    drop
    i32.const 1440
    i32.const 0
    i32.store
  )
  (func (;10;) (type 3) (param i32 i32 i32) (result i32)
    (local i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 3
    global.set 0
    local.get 3
    local.get 1
    i32.store offset=12
    local.get 0
    i32.const 1376
    local.get 3
    i32.const 12
    i32.add
    local.get 2
    call 6
    i32.const 1217
    local.get 3
    i64.load32_u offset=12
    call 9
    local.get 3
    i32.const 16
    i32.add
    global.set 0
  )
  (func (;11;) (type 7) (param i32 i32)
    (local i32 i32 i32)
    i32.const 1440
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
      i32.const 1456
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 1440
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
  (data (;0;) (i32.const 1024) "wait_empty\00modify\00wait_two_timeout\00events\00wait_two\00events_two\00hup_two\00add_two\00wait_unknown\00unknown_operation\00wait_of_session\00no_room\00another_epoll\00unknown_epoll\00not_an_epoll\00close_epoll\00itself\00size\00delete\00close\00wait_one\00events_one\00hup_one\00add_one\00unknown_fd\00waited\00wait_closed\00err_and_hup_only_if_asked\00delete_unwatched\00closed_may_be_added\00=\00-")
)

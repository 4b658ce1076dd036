(module
  (type (;0;) (func (param i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func (param i32 i32) (result i32)))
  (type (;3;) (func (param i32) (result i32)))
  (type (;4;) (func))
  (type (;5;) (func (param i32 i32)))
  (type (;6;) (func (result i32)))
  (type (;7;) (func (param i32 i32 i32 i32 i32) (result i32)))
  (type (;8;) (func (param i32 i64)))
  (type (;9;) (func (param i32)))
  (import "spear" "cchat_create" (func (;0;) (type 6)))
  (import "spear" "cchat_ctl" (func (;1;) (type 1)))
  (import "spear" "cchat_write_msg" (func (;2;) (type 7)))
  (import "spear" "cchat_send" (func (;3;) (type 2)))
  (import "spear" "cchat_recv" (func (;4;) (type 0)))
  (import "spear" "spear_fd_ctl" (func (;5;) (type 1)))
  (import "spear" "cchat_close" (func (;6;) (type 3)))
  (import "spear" "log" (func (;7;) (type 0)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 2)
  (global (;0;) (mut i32) i32.const 84112)
  (export "memory" (memory 0))
  (export "_start" (func 8))
  (export "__indirect_function_table" (table 0))
  (func (;8;) (type 4)
    (local i32 i32 i32 i32 i32 i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 1
    global.set 0
    i32.const 1348
    call 0
    local.tee 0
    i64.extend_i32_s
    call 9
    i32.const 1388
    local.get 0
    i32.const 1173
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1450
    local.get 0
    i32.const 1070
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1212
    local.get 0
    i32.const 1104
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1202
    local.get 0
    i32.const 1116
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1295
    local.get 0
    i32.const 1024
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1224
    local.get 0
    i32.const 1030
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1375
    local.get 0
    i32.const 1137
    call 10
    i64.extend_i32_s
    call 9
    i32.const 1522
    local.get 0
    i32.const 9
    i32.const 1664
    i32.const 1664
    call 1
    i64.extend_i32_s
    call 9
    i32.const 1368
    local.get 0
    i32.const 1368
    i32.const 1635
    call 11
    i64.extend_i32_s
    call 9
    i32.const 1276
    local.get 0
    i32.const 1276
    i32.const 1602
    call 11
    i64.extend_i32_s
    call 9
    i32.const 1501
    local.get 0
    i32.const 1276
    i32.const 4
    i32.const -8
    i32.const 4
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1394
    local.get 0
    i32.const 1276
    i32.const -4
    i32.const 1236
    i32.const 1
    call 2
    i64.extend_i32_s
    call 9
    i32.const 1552
    i32.const 7
    i32.const 1276
    i32.const 1236
    call 11
    i64.extend_i32_s
    call 9
    i32.const 1244
    local.get 0
    i32.const 1
    call 3
    local.tee 2
    local.get 0
    i32.const 1
    i32.add
    i32.eq
    i64.extend_i32_u
    call 9
    local.get 1
    i32.const 10
    i32.store offset=12
    i32.const -16
    local.set 4
    loop ;; label = @1
      local.get 4
      if ;; label = @2
        local.get 4
        i32.const 1680
        i32.add
        i32.const 35
        i32.store8
        local.get 4
        i32.const 1
        i32.add
        local.set 4
        br 1 (;@1;)
      else
        i32.const 1238
        local.get 2
        i32.const 1664
        local.get 1
        i32.const 12
        i32.add
        local.tee 3
        call 4
        i64.extend_i32_s
        call 9
        i32.const 1586
        i32.const 1664
        i32.load8_u
        i32.const 35
        i32.eq
        i32.const 1673
        i32.load8_u
        i32.const 35
        i32.eq
        i32.and
        i64.extend_i32_u
        call 9
        local.get 1
        i32.load offset=12
        local.set 4
        local.get 1
        i32.const 16384
        i32.store offset=12
        i32.const 1538
        local.get 4
        local.get 2
        i32.const 1664
        local.get 3
        call 4
        local.tee 5
        i32.eq
        local.get 4
        local.get 1
        i32.load offset=12
        i32.eq
        i32.and
        i64.extend_i32_u
        call 9
        i32.const 1219
        local.get 5
        call 12
        local.get 1
        i32.const 16384
        i32.store offset=12
        i32.const 1362
        local.get 2
        i32.const 1664
        local.get 3
        call 4
        local.get 5
        i32.eq
        i64.extend_i32_u
        call 9
        local.get 1
        i32.const 16384
        i32.store offset=12
        i32.const 1268
        local.get 2
        i32.const 2
        i32.const 1664
        local.get 3
        call 1
        call 12
        local.get 1
        i32.const 16384
        i32.store offset=12
        i32.const 1304
        local.get 0
        i32.const 2
        i32.const 1664
        local.get 3
        call 1
        i64.extend_i32_s
        call 9
        local.get 1
        i32.const 16384
        i32.store offset=12
        i32.const 1323
        local.get 0
        i32.const 1664
        local.get 3
        call 4
        i64.extend_i32_s
        call 9
        i32.const 1462
        local.get 2
        i32.const 1664
        i32.const -4
        call 4
        i64.extend_i32_s
        call 9
        local.get 1
        i32.const 16384
        i32.store offset=12
        i32.const 1485
        local.get 2
        i32.const -16
        local.get 3
        call 4
        i64.extend_i32_s
        call 9
        i32.const 1418
        local.get 2
        i32.const 0
        call 3
        i64.extend_i32_s
        call 9
        local.get 1
        i32.const 16384
        i32.store offset=12
        i32.const 1517
        local.get 2
        i32.const 3
        i32.const 1664
        local.get 3
        call 5
        call 12
        local.get 1
        i32.const 16384
        i32.store offset=12
        i32.const 1261
        local.get 2
        i32.const 4
        i32.const 1664
        local.get 3
        call 5
        call 12
        i32.const 1435
        local.get 2
        call 6
        i64.extend_i32_s
        call 9
        i32.const 1342
        local.get 0
        call 6
        i64.extend_i32_s
        call 9
        i32.const 1356
        local.get 0
        call 6
        i64.extend_i32_s
        call 9
        i32.const 1281
        i32.const 77
        call 6
        i64.extend_i32_s
        call 9
        i32.const 1571
        local.get 0
        i32.const 0
        call 3
        i64.extend_i32_s
        call 9
        local.get 1
        i32.const 16
        i32.add
        global.set 0
      end
    end
  )
  (func (;9;) (type 8) (param i32 i64)
    (local i32 i32 i64 i64)
    local.get 0
    call 13
    i32.const 1633
    i32.const 1
    call 14
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
      i32.const 1655
      i32.const 1
      call 14
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
        call 14
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
    call 15
  )
  (func (;10;) (type 2) (param i32 i32) (result i32)
    (local i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 2
    global.set 0
    local.get 2
    local.get 1
    call 16
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
  (func (;11;) (type 0) (param i32 i32 i32) (result i32)
    local.get 0
    local.get 1
    local.get 1
    call 16
    local.get 2
    local.get 2
    call 16
    call 2
  )
  (func (;12;) (type 5) (param i32 i32)
    local.get 0
    call 13
    i32.const 1633
    i32.const 1
    call 14
    i32.const 1664
    local.get 1
    call 14
    call 15
  )
  (func (;13;) (type 9) (param i32)
    local.get 0
    local.get 0
    call 16
    call 14
  )
  (func (;14;) (type 5) (param i32 i32)
    (local i32 i32 i32)
    i32.const 18048
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
      i32.const 18064
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 18048
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
  (func (;15;) (type 4)
    i32.const 2
    i32.const 18064
    i32.const 18048
    i32.load
    call 7
    drop
    i32.const 18048
    i32.const 0
    i32.store
  )
  (func (;16;) (type 3) (param i32) (result i32)
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
  (data (;0;) (i32.const 1024) "{key}\00{\22key\22:\22mcp.task_allowlist\22,\22value\22:[]}\00{\22key\22:\22temperature\22,\22value\22:0.5}\00{\22value\22:1}\00{\22key\22:\22\22,\22value\22:1}\00{\22key\22:\22mcp.enabled\22,\22value\22:\22yes\22}\00{\22key\22:\22model\22,\22value\22:\22m1\22}\00empty_key\00no_key\00body\00task_policy\00x\00short\00response_follows\00status\00metrics\00user\00close_unknown\00not_json\00metrics_of_session\00receive_of_session\00close_session\00close_again\00system\00mcp_not_bool\00model\00message_negative_length\00send_of_response\00close_response\00temperature\00receive_length_outside\00receive_outside\00message_outside\00kind\00unknown_command\00whole_as_told\00message_unknown_fd\00send_of_closed\00short_untouched\00What is the capital of France?\00=\00Answer in one word.\00-")
)

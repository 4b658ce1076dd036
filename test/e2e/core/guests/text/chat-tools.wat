(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32) (result i32)))
  (type (;2;) (func (param i32 i32)))
  (type (;3;) (func (param i32 i32) (result i32)))
  (type (;4;) (func (param i32)))
  (type (;5;) (func))
  (type (;6;) (func (result i32)))
  (type (;7;) (func (result i64)))
  (type (;8;) (func (param i32 i32 i32 i32 i32) (result i32)))
  (type (;9;) (func (param i64)))
  (type (;10;) (func (param i32 i64)))
  (type (;11;) (func (param i32 i32 i32)))
  (type (;12;) (func (param i64) (result i32)))
  (type (;13;) (func (param i32) (result i32)))
  (type (;14;) (func (param i32 i32 i32) (result i64)))
  (import "spear" "cchat_create" (func (;0;) (type 6)))
  (import "spear" "cchat_ctl" (func (;1;) (type 0)))
  (import "spear" "cchat_write_fn" (func (;2;) (type 0)))
  (import "spear" "cchat_send" (func (;3;) (type 3)))
  (import "spear" "cchat_recv" (func (;4;) (type 1)))
  (import "spear" "time_now_ms" (func (;5;) (type 7)))
  (import "spear" "sleep_ms" (func (;6;) (type 4)))
  (import "spear" "cchat_write_msg" (func (;7;) (type 8)))
  (import "spear" "log" (func (;8;) (type 1)))
  (table (;0;) 11 11 funcref)
  (memory (;0;) 3)
  (global (;0;) (mut i32) i32.const 165968)
  (export "memory" (memory 0))
  (export "_start" (func 9))
  (export "__indirect_function_table" (table 0))
  (elem (;0;) (i32.const 1) func 14 16 17 18 19 20 21 22 23 24)
  (func (;9;) (type 5)
    (local i32 i32 i32 i32 i32)
    global.get 0
    i32.const 80
    i32.sub
    local.tee 1
    global.set 0
    i32.const 1600
    call 0
    local.tee 0
    i32.store
    local.get 0
    i32.const 1232
    call 10
    drop
    i32.const 1604
    i32.const 0
    i32.store
    i32.const 1493
    call 11
    i64.const 1616
    call 12
    i32.const 1259
    call 11
    i32.const 1604
    i32.load
    local.tee 3
    i32.const 0
    local.get 3
    i32.const 0
    i32.gt_s
    select
    local.set 4
    loop ;; label = @1
      local.get 2
      local.get 4
      i32.eq
      if ;; label = @2
        i32.const 1604
        i32.const 0
        i32.store
        local.get 1
        local.get 3
        i32.store offset=12
        i32.const 1312
        local.get 0
        i32.const 1
        local.get 1
        i32.const 16
        i32.add
        local.get 1
        i32.const 12
        i32.add
        call 1
        i64.extend_i32_s
        call 13
        i32.const 1390
        local.get 0
        i32.const 1174
        call 10
        i64.extend_i32_s
        call 13
        local.get 0
        i32.const 1
        i32.const 1400
        call 15
        local.get 0
        i32.const 2
        i32.const 1277
        call 15
        local.get 0
        i32.const 3
        i32.const 1289
        call 15
        local.get 0
        i32.const 4
        i32.const 1283
        call 15
        local.get 0
        i32.const 5
        i32.const 1306
        call 15
        local.get 0
        i32.const 6
        i32.const 1404
        call 15
        local.get 0
        i32.const 7
        i32.const 1295
        call 15
        local.get 0
        i32.const 8
        i32.const 1526
        call 15
        local.get 0
        i32.const 9
        i32.const 1301
        call 15
        local.get 0
        i32.const 10
        i32.const 1415
        call 15
        i32.const 1426
        local.get 0
        i32.const 99999
        i32.const 1213
        i32.const 18
        call 2
        i64.extend_i32_s
        call 13
        i32.const 1333
        local.get 0
        i32.const 0
        i32.const 1261
        i32.const 1
        call 2
        i64.extend_i32_s
        call 13
        local.get 0
        i32.const 1535
        call 25
        local.get 0
        i32.const 3
        call 3
        local.set 0
        local.get 1
        i32.const 32768
        i32.store offset=8
        i32.const 1272
        local.get 0
        i32.const 67664
        local.get 1
        i32.const 8
        i32.add
        call 4
        call 26
        local.get 1
        i32.const 80
        i32.add
        global.set 0
      else
        local.get 1
        i32.const 16
        i32.add
        local.get 2
        i32.add
        local.get 2
        i32.const 67152
        i32.add
        i32.load8_u
        i32.store8
        local.get 2
        i32.const 1
        i32.add
        local.set 2
        br 1 (;@1;)
      end
    end
  )
  (func (;10;) (type 3) (param i32 i32) (result i32)
    (local i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 2
    global.set 0
    local.get 2
    local.get 1
    call 27
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
  (func (;11;) (type 4) (param i32)
    local.get 0
    local.get 0
    call 27
    call 28
  )
  (func (;12;) (type 9) (param i64)
    (local i32 i32 i32 i64 i64)
    global.get 0
    i32.const 32
    i32.sub
    local.tee 2
    global.set 0
    local.get 0
    local.get 0
    i64.const 63
    i64.shr_s
    local.tee 4
    i64.add
    local.get 4
    i64.xor
    local.set 4
    loop ;; label = @1
      local.get 1
      local.get 2
      i32.add
      local.get 4
      local.get 4
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
      local.get 1
      i32.const 1
      i32.add
      local.set 1
      local.get 4
      i64.const 9
      i64.gt_u
      local.get 5
      local.set 4
      br_if 0 (;@1;)
    end
    local.get 0
    i64.const 0
    i64.lt_s
    if ;; label = @1
      i32.const 1550
      i32.const 1
      call 28
    end
    local.get 2
    i32.const 1
    i32.sub
    local.set 3
    loop ;; label = @1
      local.get 1
      i32.const 0
      i32.le_s
      i32.eqz
      if ;; label = @2
        local.get 1
        local.get 3
        i32.add
        i32.const 1
        call 28
        local.get 1
        i32.const 1
        i32.sub
        local.set 1
        br 1 (;@1;)
      end
    end
    local.get 2
    i32.const 32
    i32.add
    global.set 0
  )
  (func (;13;) (type 10) (param i32 i64)
    local.get 0
    call 11
    i32.const 1483
    i32.const 1
    call 28
    local.get 1
    call 12
    call 29
  )
  (func (;14;) (type 0) (param i32 i32 i32 i32) (result i32)
    (local i32 i32 i32 i32 i64 i64)
    global.get 0
    i32.const 96
    i32.sub
    local.tee 4
    global.set 0
    local.get 0
    local.get 1
    i32.const 1472
    call 30
    local.set 8
    local.get 0
    local.get 1
    i32.const 1470
    call 30
    local.set 9
    i32.const 1478
    call 11
    local.get 8
    call 12
    i32.const 1474
    call 11
    local.get 9
    call 12
    call 29
    i32.const 0
    local.set 0
    loop ;; label = @1
      local.get 0
      i32.const 7
      i32.eq
      i32.eqz
      if ;; label = @2
        local.get 4
        i32.const 32
        i32.add
        local.get 0
        i32.add
        local.get 0
        i32.const 1485
        i32.add
        i32.load8_u
        i32.store8
        local.get 0
        i32.const 1
        i32.add
        local.set 0
        br 1 (;@1;)
      end
    end
    local.get 8
    local.get 9
    i64.add
    local.set 8
    i32.const 0
    local.set 0
    loop ;; label = @1
      local.get 0
      local.get 4
      i32.add
      local.get 8
      local.get 8
      i64.const 10
      i64.div_u
      local.tee 9
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
      local.get 8
      i64.const 9
      i64.gt_u
      local.get 9
      local.set 8
      br_if 0 (;@1;)
    end
    local.get 0
    i32.const 1
    i32.sub
    local.set 1
    local.get 4
    i32.const 1
    i32.sub
    local.set 7
    local.get 4
    i32.const 32
    i32.add
    i32.const 7
    i32.or
    local.set 5
    local.get 0
    local.set 6
    loop ;; label = @1
      local.get 1
      i32.const -1
      i32.eq
      i32.eqz
      if ;; label = @2
        local.get 5
        local.get 6
        local.get 7
        i32.add
        i32.load8_u
        i32.store8
        local.get 5
        i32.const 1
        i32.add
        local.set 5
        local.get 1
        i32.const 1
        i32.sub
        local.set 1
        local.get 6
        i32.const 1
        i32.sub
        local.set 6
        br 1 (;@1;)
      end
    end
    local.get 0
    local.get 4
    i32.add
    i32.const 39
    i32.add
    i32.const 125
    i32.store16 align=1
    local.get 2
    local.get 3
    local.get 4
    i32.const 32
    i32.add
    call 31
    local.get 4
    i32.const 96
    i32.add
    global.set 0
  )
  (func (;15;) (type 11) (param i32 i32 i32)
    (local i32 i32 i32 i32)
    global.get 0
    i32.const 272
    i32.sub
    local.tee 3
    global.set 0
    local.get 3
    i32.const 1027
    i32.store offset=12
    local.get 3
    local.get 2
    i32.store offset=8
    local.get 3
    i32.const 1552
    i32.store offset=4
    loop ;; label = @1
      local.get 5
      i32.const 3
      i32.ne
      if ;; label = @2
        local.get 3
        i32.const 4
        i32.add
        local.get 5
        i32.const 2
        i32.shl
        i32.add
        i32.load
        local.set 2
        loop ;; label = @3
          local.get 2
          i32.load8_u
          local.tee 6
          if ;; label = @4
            local.get 3
            i32.const 16
            i32.add
            local.get 4
            i32.add
            local.get 6
            i32.store8
            local.get 2
            i32.const 1
            i32.add
            local.set 2
            local.get 4
            i32.const 1
            i32.add
            local.set 4
            br 1 (;@3;)
          else
            local.get 5
            i32.const 1
            i32.add
            local.set 5
            br 3 (;@1;)
          end
          unreachable
        end
        unreachable
      end
    end
    local.get 0
    local.get 1
    local.get 3
    i32.const 16
    i32.add
    local.get 4
    call 2
    drop
    local.get 3
    i32.const 272
    i32.add
    global.set 0
  )
  (func (;16;) (type 0) (param i32 i32 i32 i32) (result i32)
    (local i64)
    call 5
    local.set 4
    i32.const 20
    call 6
    i32.const 1458
    call 5
    local.get 4
    i64.sub
    i64.const 14
    i64.gt_s
    i64.extend_i32_u
    call 13
    local.get 2
    local.get 3
    i32.const 1158
    call 31
  )
  (func (;17;) (type 0) (param i32 i32 i32 i32) (result i32)
    unreachable
  )
  (func (;18;) (type 0) (param i32 i32 i32 i32) (result i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 0
    i32.const 0
    i32.store offset=12
    loop ;; label = @1
      local.get 0
      local.get 0
      i32.load offset=12
      i32.const 1
      i32.add
      i32.store offset=12
      br 0 (;@1;)
    end
    unreachable
  )
  (func (;19;) (type 0) (param i32 i32 i32 i32) (result i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 0
    global.set 0
    i32.const 1600
    i32.load
    i32.const 0
    call 3
    local.set 1
    local.get 0
    i32.const 32768
    i32.store offset=12
    i32.const 1353
    local.get 1
    i32.const 67664
    local.get 0
    i32.const 12
    i32.add
    call 4
    call 26
    call 0
    local.tee 1
    i32.const 1232
    call 10
    drop
    local.get 1
    i32.const 1327
    call 25
    i32.const 1378
    i32.const 1
    local.get 1
    i32.const 0
    call 3
    local.tee 1
    local.get 1
    i32.const 0
    i32.gt_s
    select
    i64.extend_i32_s
    call 13
    local.get 0
    i32.const 32768
    i32.store offset=8
    i32.const 1443
    local.get 1
    i32.const 67664
    local.get 0
    i32.const 8
    i32.add
    call 4
    i32.const 0
    i32.gt_s
    i64.extend_i32_u
    call 13
    local.get 2
    local.get 3
    i32.const 1144
    call 31
    local.get 0
    i32.const 16
    i32.add
    global.set 0
  )
  (func (;20;) (type 0) (param i32 i32 i32 i32) (result i32)
    i32.const 1263
    local.get 3
    i64.load32_u
    call 13
    local.get 3
    i32.const 131072
    i32.store
    i32.const -28
  )
  (func (;21;) (type 0) (param i32 i32 i32 i32) (result i32)
    i32.const -5
  )
  (func (;22;) (type 0) (param i32 i32 i32 i32) (result i32)
    local.get 2
    local.get 3
    i32.const 1024
    call 31
  )
  (func (;23;) (type 0) (param i32 i32 i32 i32) (result i32)
    local.get 3
    local.get 3
    i32.load
    i32.const 1
    i32.add
    i32.store
    i32.const 0
  )
  (func (;24;) (type 12) (param i64) (result i32)
    local.get 0
    i32.wrap_i64
  )
  (func (;25;) (type 2) (param i32 i32)
    local.get 0
    i32.const 1322
    i32.const 1322
    call 27
    local.get 1
    local.get 1
    call 27
    call 7
    drop
  )
  (func (;26;) (type 2) (param i32 i32)
    local.get 0
    call 11
    i32.const 1483
    i32.const 1
    call 28
    i32.const 67664
    local.get 1
    call 28
    call 29
  )
  (func (;27;) (type 13) (param i32) (result i32)
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
  (func (;28;) (type 2) (param i32 i32)
    (local i32 i32 i32)
    i32.const 1604
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
      i32.const 67152
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 1604
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
  (func (;29;) (type 5)
    i32.const 2
    i32.const 67152
    i32.const 1604
    i32.load
    call 8
    drop
    i32.const 1604
    i32.const 0
    i32.store
  )
  (func (;30;) (type 14) (param i32 i32 i32) (result i64)
    (local i32 i32 i32 i32 i32 i32 i32 i32 i64)
    local.get 2
    call 27
    local.tee 7
    i32.const 0
    local.get 7
    i32.const 0
    i32.gt_s
    select
    local.set 8
    loop ;; label = @1
      block ;; label = @2
        local.get 1
        local.get 4
        local.get 7
        i32.add
        local.tee 3
        i32.le_s
        if ;; label = @3
          i64.const 0
          local.set 11
          br 1 (;@2;)
        end
        local.get 0
        local.get 4
        i32.add
        local.set 6
        i32.const 0
        local.set 5
        block ;; label = @3
          loop ;; label = @4
            block ;; label = @5
              local.get 5
              local.get 8
              i32.eq
              if ;; label = @6
                local.get 1
                local.get 3
                local.get 1
                local.get 3
                i32.gt_s
                select
                local.set 4
                loop ;; label = @7
                  local.get 3
                  local.get 4
                  i32.eq
                  if ;; label = @8
                    local.get 4
                    local.set 3
                    br 3 (;@5;)
                  end
                  block ;; label = @8
                    block ;; label = @9
                      local.get 0
                      local.get 3
                      i32.add
                      i32.load8_u
                      local.tee 6
                      i32.const 32
                      i32.sub
                      br_table 1 (;@8;) 4 (;@5;) 1 (;@8;) 0 (;@9;)
                    end
                    local.get 6
                    i32.const 58
                    i32.ne
                    br_if 3 (;@5;)
                  end
                  local.get 3
                  i32.const 1
                  i32.add
                  local.set 3
                  br 0 (;@7;)
                end
                unreachable
              end
              local.get 2
              local.get 5
              i32.add
              local.set 9
              local.get 5
              local.get 6
              i32.add
              local.get 5
              i32.const 1
              i32.add
              local.set 5
              i32.load8_u
              local.get 9
              i32.load8_u
              i32.eq
              br_if 1 (;@4;)
              br 2 (;@3;)
            end
          end
          local.get 3
          local.get 1
          local.get 1
          local.get 3
          i32.lt_s
          select
          local.set 4
          i64.const 0
          local.set 11
          loop ;; label = @4
            block ;; label = @5
              local.get 3
              local.get 4
              i32.ne
              if ;; label = @6
                local.get 0
                local.get 3
                i32.add
                i32.load8_u
                local.tee 6
                i32.const 48
                i32.sub
                i32.const 255
                i32.and
                i32.const 9
                i32.le_u
                br_if 1 (;@5;)
                local.get 3
                local.set 4
              end
              local.get 5
              local.get 7
              i32.ge_s
              br_if 3 (;@2;)
              br 2 (;@3;)
            end
            local.get 11
            i64.const 10
            i64.mul
            local.get 6
            i64.extend_i32_u
            i64.const 255
            i64.and
            i64.const 4294967248
            i64.add
            i64.const 4294967295
            i64.and
            i64.add
            local.set 11
            local.get 3
            i32.const 1
            i32.add
            local.set 3
            br 0 (;@4;)
          end
          unreachable
        end
        local.get 4
        i32.const 1
        i32.add
        local.set 4
        br 1 (;@1;)
      end
    end
    local.get 11
  )
  (func (;31;) (type 1) (param i32 i32 i32) (result i32)
    (local i32 i32)
    local.get 1
    i32.load
    local.set 4
    local.get 1
    local.get 2
    call 27
    local.tee 3
    i32.store
    i32.const -28
    local.set 1
    local.get 3
    local.get 4
    i32.le_u
    if (result i32) ;; label = @1
      loop (result i32) ;; label = @2
        local.get 3
        if (result i32) ;; label = @3
          local.get 0
          local.get 2
          i32.load8_u
          i32.store8
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          local.get 2
          i32.const 1
          i32.add
          local.set 2
          local.get 3
          i32.const 1
          i32.sub
          local.set 3
          br 1 (;@2;)
        else
          i32.const 0
        end
      end
    else
      i32.const -28
    end
  )
  (data (;0;) (i32.const 1024) "\ff\fe\00\22,\22description\22:\22test\22,\22parameters\22:{\22type\22:\22object\22,\22properties\22:{\22a\22:{\22type\22:\22integer\22},\22b\22:{\22type\22:\22integer\22}}}}}\00{\22sent\22:true}\00{\22waited\22:true}\00{\22key\22:\22tool_arena_len\22,\22value\22:65536}\00{\22name\22:\22outside\22}\00{\22key\22:\22model\22,\22value\22:\22m1\22}\00{\00capacity\00body\00waits\00loops\00traps\00fails\00lies\00sends\00arena_ptr\00user\00inner\00definition_not_json\00send_of_the_same_session\00send_within\00arena_len\00sum\00wants_more\00wrong_type\00function_outside\00inner_received\00tool_waited\00b\00a\00 b=\00sum a=\00{\22sum\22:\00{\22key\22:\22tool_arena_ptr\22,\22value\22:\00not_utf8\00Use the tools.\00-\00{\22type\22:\22function\22,\22function\22:{\22name\22:\22")
)
